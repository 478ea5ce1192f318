import type { Delivery } from '../../../../../lambdas/shared/consumer/consumer.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { now } from '../../builders.ts';
import { FakeBroker, refusedBy, unroutable } from '../../fake-broker.ts';
import { type Body, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

describe('a message that is expired', () => {
  const handled: number[] = [];
  const work = async ({ body: { n } }: Delivery<Body>) => void handled.push(n);
  const at = (milliseconds: number) => delivered('a', { expiresAt: now.getTime() + milliseconds });
  beforeEach(() => handled.splice(0));

  it('is dead-lettered and never handled (rules 4.6.1, 4.7.5)', async () => {
    const { run, broker, outcomes } = loopOnFakes(work);

    expect(await run(at(0))).toEqual([]);
    expect({ handled, outcomes: outcomes() }).toEqual({ handled: [], outcomes: ['expired'] });
    expect(broker.republished).toMatchObject([{ exchange: 'dead', headers: { 'x-first-death-reason': 'expired' } }]);
  });

  it('is handled up to the last millisecond', async () => {
    await loopOnFakes(work).run(at(1));

    expect(handled).toEqual([1]);
  });

  it('is gone where its queue has no dead-letter exchange, as in RabbitMQ, but for a record of it', async () => {
    const { run, outcomes, exceptions } = loopOnFakes(work, { source: queue('orders') });

    expect(await run(at(-1))).toEqual([]);
    expect({ handled, outcomes: outcomes() }).toEqual({ handled: [], outcomes: ['expired'] });
    expect(exceptions.opened).toMatchObject([{ eventId: 'event-a', reason: 'expired', state: 'recorded' }]);
  });

  it('keeps in its row how it lay in its queue, so that it can be sent again in its order', async () => {
    const { run, exceptions } = loopOnFakes(work, { source: queue('orders') });
    const { attributes, ...record } = at(-1);
    const ofGroup = { SentTimestamp: String(now.getTime()), MessageGroupId: 'key-1', SequenceNumber: '17' };

    await run({ ...record, attributes: { ...attributes, ...ofGroup } });

    const queued = { sentAt: now, group: 'key-1', sequence: '17', receives: 1 };
    expect(exceptions.opened).toMatchObject([{ reason: 'expired', queued }]);
  });

  it('is an exception for somebody where its letter reaches no queue', async () => {
    const { run, exceptions } = loopOnFakes(work, { broker: new FakeBroker(unroutable) });

    expect(await run(at(-1))).toEqual([]);
    expect(exceptions.opened).toMatchObject([{ reason: 'expired', state: 'open' }]);
  });

  it('stays while no queue takes its letter', async () => {
    const { run, outcomes } = loopOnFakes(work, { broker: new FakeBroker(refusedBy('dead')) });

    expect(await run(at(-1))).toEqual(['a']);
    expect({ handled, outcomes: outcomes() }).toEqual({ handled: [], outcomes: ['retry'] });
  });
});
