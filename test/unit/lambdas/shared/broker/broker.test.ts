import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import { ChannelError } from '../../../../../rabbitmq/publishing/channel-error.ts';
import { message, rejectionOf } from '../../builders.ts';
import { brokerOn, decoded, FakeSender, refused, stored, unknown } from './broker-on-fakes.ts';

async function confirmWith(answers: Readonly<Record<string, readonly SendOutcome[]>>) {
  const [published] = await brokerOn(new FakeSender(answers)).publish([message()]);
  return published;
}

describe('publishing', () => {
  it('stores one copy in each routed queue and answers in the order of the messages', async () => {
    const sender = new FakeSender();
    const messages = [
      message({ payload: '1' }),
      message({ payload: '2', routingKeys: ['ledger.entry'] }),
      message({ payload: '3', vhost: 'other' }),
      message({ payload: '4' }),
    ];

    const published = await brokerOn(sender).publish(messages);

    expect(published.map(({ confirm, queues }) => [confirm, queues.map((one) => one.queue)])).toEqual([
      ['ack', ['audit', 'orders']],
      ['ack', ['ledger']],
      ['ack', ['orders']],
      ['ack', ['audit', 'orders']],
    ]);
    const sent = sender.sent.map(([url, copies]) => [url, copies.map((one) => decoded(one)?.payload)]);
    expect(Object.fromEntries(sent)).toEqual({
      '/|orders': ['1', '4'],
      '/|audit': ['1', '4'],
      '/|ledger': ['2'],
      'other|orders': ['3'],
    });
    expect(sender.sent).toHaveLength(4);
  });

  it('routes by CC and BCC, and shows the queues CC only (rule 4.5.32)', async () => {
    const sender = new FakeSender();
    const headers = { CC: ['ledger.copy'], BCC: ['payment.hidden'], tenant: 'shop' };

    const [published] = await brokerOn(sender).publish([message({ routingKeys: ['nothing.bound'], headers })]);

    expect(published?.queues.map((one) => one.queue)).toEqual(['audit', 'ledger', 'orders']);
    for (const [, [copy]] of sender.sent) {
      expect(decoded(copy)).toMatchObject({ routingKeys: ['nothing.bound', 'ledger.copy'] });
      expect(decoded(copy)?.headers).toEqual({ CC: ['ledger.copy'], tenant: 'shop' });
    }
  });

  it('of what no queue is bound for is acked and stored nowhere (rule 4.5.18)', async () => {
    const sender = new FakeSender();

    expect(await brokerOn(sender).publish([message({ routingKeys: ['x'] })])).toEqual([{ confirm: 'ack', queues: [] }]);
    expect(sender.sent).toEqual([]);
  });

  it('of nothing sends nothing', async () => {
    expect(await brokerOn(new FakeSender()).publish([])).toEqual([]);
  });
});

describe('a confirm', () => {
  it('is a nack when any queue refused, even where another did not answer (rules 4.5.21, 4.5.30)', async () => {
    expect(await confirmWith({ '/|orders': [refused] })).toEqual({
      confirm: 'nack',
      queues: [
        { queue: 'audit', ...stored },
        { queue: 'orders', ...refused },
      ],
    });
    expect(await confirmWith({ '/|orders': [refused], '/|audit': [unknown] })).toMatchObject({ confirm: 'nack' });
  });

  it('is unknown when no queue refused and one did not answer', async () => {
    expect(await confirmWith({ '/|audit': [unknown] })).toMatchObject({ confirm: 'unknown' });
  });

  it('is unknown when the sender forgets to answer', async () => {
    const [published] = await brokerOn({ send: async () => [] }).publish([message()]);

    expect(published).toMatchObject({ confirm: 'unknown', queues: [{ outcome: 'unknown' }, { outcome: 'unknown' }] });
  });

  it('is unknown for the queue whose sender throws, and for no other', async () => {
    const sender = new FakeSender();
    const broken = {
      send: async (...args: Parameters<FakeSender['send']>) =>
        args[0] === '/|audit' ? Promise.reject(new Error('a defect')) : sender.send(...args),
    };

    expect(await brokerOn(broken).publish([message(), message({ routingKeys: ['ledger.x'] })])).toEqual([
      {
        confirm: 'unknown',
        queues: [
          { queue: 'audit', outcome: 'unknown', reason: 'Error: a defect' },
          { queue: 'orders', ...stored },
        ],
      },
      { confirm: 'ack', queues: [{ queue: 'ledger', ...stored }] },
    ]);
  });

  it('is a nack for what cannot be encoded, and others are stored all the same', async () => {
    const sender = new FakeSender();
    const broker = brokerOn(sender);
    const wrong = message({ headers: { big: 1n as never }, routingKeys: ['ledger.x'] });

    expect(await broker.publish([wrong, message({ routingKeys: ['ledger.x'] })])).toEqual([
      {
        confirm: 'nack',
        queues: [{ queue: 'ledger', outcome: 'refused', reason: expect.stringContaining('BigInt') }],
      },
      { confirm: 'ack', queues: [{ queue: 'ledger', ...stored }] },
    ]);
    expect(sender.sent.map(([, messages]) => messages.length)).toEqual([1]);
  });

  it('is each message’s own (rule 4.5.30)', async () => {
    const published = await brokerOn(new FakeSender({ '/|orders': [stored, refused, unknown] })).publish([
      message(),
      message(),
      message(),
    ]);

    expect(published.map(({ confirm }) => confirm)).toEqual(['ack', 'nack', 'unknown']);
  });
});

describe('a channel error', () => {
  it.each([
    [404, 'the exchange is missing', message({ exchange: 'gone' }), "NOT_FOUND - no exchange 'gone' in vhost '/'"],
    [404, 'the vhost is missing', message({ vhost: 'gone' }), "NOT_FOUND - no exchange 'payments' in vhost 'gone'"],
    [
      403,
      'the exchange is internal',
      message({ exchange: 'inside' }),
      expect.stringMatching(/^ACCESS_REFUSED - .*'inside'/),
    ],
    [406, 'CC is no array', message({ headers: { CC: 'x' } }), expect.stringMatching(/^PRECONDITION_FAILED - /)],
  ])(
    '%i comes before anything is sent, other messages included: %s (rule 4.5.15)',
    async (replyCode, _, wrong, replyText) => {
      const sender = new FakeSender();

      const error = await rejectionOf(brokerOn(sender).publish([message(), wrong]));

      expect(error).toBeInstanceOf(ChannelError);
      expect(error).toMatchObject({ replyCode, replyText });
      expect(sender.sent).toEqual([]);
    },
  );
});
