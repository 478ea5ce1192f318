import { createHandler } from '../../../../lambdas/park/handler.ts';
import { createPark } from '../../../../lambdas/park/park.ts';
import { encodeMessage } from '../../../../lambdas/shared/broker/envelope.ts';
import { createMessageExceptions } from '../../../../lambdas/shared/exceptions/message-exceptions.ts';
import { createTakeOut } from '../../../../lambdas/shared/exceptions/take-out.ts';
import { stampAttributes } from '../../../../lambdas/shared/partitions/stamp.ts';
import { queue } from '../../rabbitmq/topology-builders.ts';
import { lambdaContext, message, now, silentLog } from '../builders.ts';
import { MemoryClaims } from '../memory-claims.ts';
import { MemoryQueue } from '../memory-queue.ts';
import { MemoryExceptions } from '../shared/outbox/memory-outbox.ts';

const work = queue('work');
const request = { who: 'lin', why: 'it is full', queue: { vhost: '/', name: 'work' }, most: 500 };

function given() {
  const source = new MemoryQueue();
  const exceptions = new MemoryExceptions();
  const keep = createMessageExceptions({ claims: new MemoryClaims(), exceptions });
  const park = createPark({ queues: [work], source: () => source, takeOut: createTakeOut({ keep, log: silentLog }) });
  const handler = createHandler({ park, log: silentLog });
  const put = (count: number, sentAt = now, name = 'm') => {
    for (let at = 0; at < count; at++)
      source.put(
        `${name}-${at}`,
        sentAt,
        encodeMessage(message({ properties: { message_id: `event-${name}-${at}` } })),
      );
  };
  const run = (more: object = {}, leftMs = 60_000) => handler({ ...request, ...more }, lambdaContext(leftMs));
  return { source, exceptions, put, run };
}

describe('parking', () => {
  it('makes whole rows that page nobody, and keeps by whom, why, and how they lay in their queue', async () => {
    const { source, exceptions, put, run } = given();
    put(25);

    expect(await run()).toEqual({ parked: 25, later: 0, not_stored: 0 });

    expect(source.all).toEqual([]);
    expect(exceptions.opened).toHaveLength(25);
    expect(exceptions.opened[0]).toMatchObject({
      eventId: 'event-m-0',
      reason: 'parked',
      state: 'parked',
      queue: { vhost: '/', name: 'work' },
      operator: { who: 'lin', why: 'it is full' },
      // This receive was no delivery.
      queued: { sentAt: now, receives: 0 },
      error: { name: 'ParkedError', stack: undefined },
    });
  });

  it('keeps no marker of a partition, which is nobody’s message', async () => {
    const { source, exceptions, run } = given();
    const stamp = stampAttributes({ vhost: '/', exchange: 'shards', version: 1, marker: true });
    source.put('marker', now, { MessageBody: '(marker)', MessageAttributes: stamp });

    await run();

    expect(source.all).toEqual([]);
    expect(exceptions.opened).toEqual([]);
  });

  it('takes no more than it is asked for', async () => {
    const { source, put, run } = given();
    put(60);

    expect(await run({ most: 33 })).toMatchObject({ parked: 33 });
    expect(source.all).toHaveLength(27);
  });

  it('leaves what was sent later, hidden for half a minute so that it is not received again and again', async () => {
    const { source, put, run } = given();
    put(5);
    put(200, new Date(now.getTime() + 1), 'late');

    expect(await run({ sent_until: now.toISOString(), most: 500 })).toEqual({ parked: 5, later: 200, not_stored: 0 });

    expect(source.all).toHaveLength(200);
    expect(source.receivesOf('late-0')).toBe(1);
    expect(new Set(source.hiddenSeconds)).toEqual(new Set([30]));
  });

  it('stores before it deletes: after a crash in between it is in both, and is the same row when it is parked again', async () => {
    const { source, exceptions, put, run } = given();
    put(1);
    source.refusedRemovals = 1;

    expect(await run()).toEqual({ parked: 0, later: 0, not_stored: 1 });
    expect([source.all, exceptions.opened.length]).toEqual([['m-0'], 1]);

    source.showAll();
    expect(await run()).toMatchObject({ parked: 1 });
    const keys = exceptions.opened.map(({ eventId, source: place, contentDigest }) => [eventId, place, contentDigest]);
    expect(keys[0]).toEqual(keys[1]);
    expect(source.all).toEqual([]);
  });

  it('ends when the table refuses, and leaves the queue as it was', async () => {
    const { source, exceptions, put, run } = given();
    put(300);
    exceptions.broken = new Error('the table refuses');

    expect(await run()).toMatchObject({ parked: 0 });

    expect(source.all).toHaveLength(300);
    expect(source.batches).toBeLessThanOrEqual(4);
  });

  it('begins no batch without time to end it', async () => {
    const { source, put, run } = given();
    put(3);

    expect(await run({}, 9_000)).toMatchObject({ parked: 0 });
    expect(source.batches).toBe(0);
  });

  it('refuses a queue that is not there, and what is no request', async () => {
    const { run } = given();

    await expect(run({ queue: { vhost: '/', name: 'nowhere' } })).rejects.toThrow("'nowhere' is not in the topology");
    await expect(run({ most: 0 })).rejects.toThrow();
    await expect(run({ sent_until: 'yesterday' })).rejects.toThrow();
  });
});
