import { bindExchange, bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { message } from '../../builders.ts';
import { brokerOn, FakeSender, stored } from './broker-on-fakes.ts';

describe('republishing to a dead-letter exchange', () => {
  it('asks no permission: an internal exchange takes the letter', async () => {
    const published = await brokerOn(new FakeSender()).republish(message({ exchange: 'inside' }));

    expect(published).toEqual({ confirm: 'ack', queues: [{ queue: 'ledger', ...stored }] });
  });

  it('routes nothing when the exchange is missing (rule 4.6.6)', async () => {
    expect(await brokerOn(new FakeSender()).republish(message({ exchange: 'gone' }))).toEqual({
      confirm: 'ack',
      queues: [],
    });
  });

  it('routes by the keys of the letter alone, whatever its CC header says (rule 4.6.4)', async () => {
    const letter = message({ routingKeys: ['ledger.late'], headers: { CC: ['payment.copy'] } });

    const { queues } = await brokerOn(new FakeSender()).republish(letter);

    expect(queues.map((one) => one.queue)).toEqual(['ledger']);
  });

  it('routes by the keys of BCC, too (rule 4.6.3)', async () => {
    const letter = message({ routingKeys: ['ledger.late'], bcc: ['payment.hidden'] });

    const { queues } = await brokerOn(new FakeSender()).republish(letter);

    expect(queues.map((one) => one.queue)).toEqual(['audit', 'ledger', 'orders']);
  });

  it('routes as any message is routed: on to bound exchanges, else to the alternate one (rule 4.6.8)', async () => {
    const broker = brokerOn(
      new FakeSender(),
      topology({
        exchanges: [
          exchange('dead', 'headers', { alternateExchange: 'rest' }),
          exchange('late', 'fanout'),
          exchange('rest', 'fanout'),
        ],
        queues: [queue('late'), queue('rest')],
        bindings: [
          {
            ...bindExchange('dead', 'late'),
            arguments: { 'x-match': 'all-with-x', 'x-first-death-reason': 'expired' },
          },
          bindQueue('late', 'late'),
          bindQueue('rest', 'rest'),
        ],
      }),
    );
    const dead = (reason: string) => message({ exchange: 'dead', headers: { 'x-first-death-reason': reason } });

    expect(await broker.republish(dead('expired'))).toMatchObject({ queues: [{ queue: 'late' }] });
    expect(await broker.republish(dead('rejected'))).toMatchObject({ queues: [{ queue: 'rest' }] });
  });

  it('leaves out a queue it died in before by itself (rule 4.6.14)', async () => {
    const headers = { 'x-death': [{ queue: 'orders', reason: 'expired', count: 1 }] };

    const { queues } = await brokerOn(new FakeSender()).republish(message({ headers }));

    expect(queues.map((one) => one.queue)).toEqual(['audit']);
  });

  it('routes back to its own queue when it was rejected there (rules 4.6.15, 4.6.16)', async () => {
    const headers = { 'x-death': [{ queue: 'orders', reason: 'rejected', count: 3 }] };
    const letter = message({ exchange: '', routingKeys: ['orders'], headers });

    expect(await brokerOn(new FakeSender()).republish(letter)).toMatchObject({ queues: [{ queue: 'orders' }] });
  });
});
