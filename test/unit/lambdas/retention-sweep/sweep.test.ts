import type { SweptQueue } from '../../../../lambdas/retention-sweep/env.ts';
import { createSweep, mostMessages, mostYoungBatches } from '../../../../lambdas/retention-sweep/sweep.ts';
import { claimOf } from '../../../../lambdas/shared/broker/claim.ts';
import { encodeMessage } from '../../../../lambdas/shared/broker/envelope.ts';
import { createMessageExceptions } from '../../../../lambdas/shared/exceptions/message-exceptions.ts';
import { createTakeOut } from '../../../../lambdas/shared/exceptions/take-out.ts';
import type { Message } from '../../../../rabbitmq/message.ts';
import { lambdaContext, message, now, silentLog } from '../builders.ts';
import { MemoryClaims } from '../memory-claims.ts';
import { MemoryQueue } from '../memory-queue.ts';
import { MemoryExceptions } from '../shared/outbox/memory-outbox.ts';

const day = 86_400;
const work: SweptQueue = {
  sqsName: 'warren-dev-work',
  queue: { vhost: '/', name: 'work' },
  retentionSeconds: 4 * day,
  sweepAfterSeconds: 3 * day,
  isDeadLetterQueue: false,
  dropsExpired: true,
};
const deadLetters: SweptQueue = { ...work, sqsName: 'warren-dev-work-dlq', isDeadLetterQueue: true };

const daysAgo = (days: number) => new Date(now.getTime() - days * day * 1000);
const old = daysAgo(3.5);
const young = daysAgo(1);

function given() {
  const source = new MemoryQueue();
  const exceptions = new MemoryExceptions();
  const claims = new MemoryClaims();
  const keep = createMessageExceptions({ claims, exceptions });
  const takeOut = createTakeOut({ keep, log: silentLog });
  const sweep = createSweep({ source: () => source, takeOut, now: () => now, log: silentLog });
  const run = (queue = work, leftMs = () => 60_000) =>
    sweep(queue, { ...lambdaContext(), getRemainingTimeInMillis: leftMs });
  const put = (id: string, sentAt: Date, changes: Partial<Message> = {}) =>
    source.put(id, sentAt, encodeMessage(message({ properties: { message_id: `event-${id}` }, ...changes })));
  const eventIds = () => exceptions.opened.map(({ eventId }) => eventId);
  return { source, exceptions, claims, run, put, eventIds };
}

describe('a message that SQS would soon delete', () => {
  it('becomes a whole exception, and leaves its queue', async () => {
    const { source, exceptions, run, put } = given();
    put('a', old, { payload: '{"paid":1}', headers: { 'x-tries': 3 } });

    expect(await run()).toBe(true);

    expect(exceptions.opened).toMatchObject([
      {
        eventId: 'event-a',
        source: "queue 'work'",
        reason: 'retention',
        state: 'open',
        body: '{"paid":1}',
        envelope: expect.stringContaining('"x-tries":3'),
        error: { name: 'RetentionError', message: expect.stringContaining(old.toISOString()) },
      },
    ]);
    expect(source.all).toEqual([]);
  });

  it('is found behind younger ones', async () => {
    const { eventIds, run, put } = given();
    for (let at = 0; at < 45; at++) put(`young-${at}`, young);
    put('a', old);

    expect(await run()).toBe(true);
    expect(eventIds()).toEqual(['event-a']);
  });

  it('may be left when nothing old is found where the metric says there is: somebody else has it in hand', async () => {
    const { run, put } = given();

    expect(await run()).toBe(false);
    put('a', young);
    expect(await run()).toBe(false);
    expect(await run(deadLetters)).toBe(true);
  });

  it('that cannot be stored does not keep others in their queue', async () => {
    const { source, exceptions, eventIds, run, put } = given();
    for (let at = 0; at < 20; at++) put(`old-${at}`, old);
    exceptions.refused = 'event-old-3';

    expect(await run()).toBe(false);

    expect(eventIds()).toHaveLength(19);
    expect(source.visible).toEqual(['old-3']);
  });

  it('stays, and is handed out again at once, when it cannot be stored', async () => {
    const { source, exceptions, run, put } = given();
    exceptions.broken = new Error('the table refuses');
    for (let at = 0; at < 30; at++) put(`old-${at}`, old);

    expect(await run()).toBe(false);

    expect(source.visible).toHaveLength(30);
    // A whole batch is refused: the next will be.
    expect(source.batches).toBe(1);
  });

  it('is stored before it is deleted: after a crash in between it is the same exception again', async () => {
    const { source, exceptions, run, put } = given();
    put('a', old);
    source.refusedRemovals = 1;

    expect(await run()).toBe(false);
    expect(source.visible).toEqual(['a']);
    expect(await run()).toBe(true);

    const keys = exceptions.opened.map(({ eventId, source, contentDigest }) => [eventId, source, contentDigest]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toEqual(keys[1]);
    expect(source.all).toEqual([]);
  });

  it('keeps its body in S3 if it lies there', async () => {
    const { source, exceptions, claims, run } = given();
    const { payload: _, payloadEncoding: __, ...rest } = message();
    const { claim } = claimOf(message());
    source.put('a', old, encodeMessage({ ...rest, claim }));

    expect(await run()).toBe(true);

    expect(exceptions.opened[0]?.envelope).toContain(claim.key);
    expect([claims.puts, claims.fetched]).toEqual([[], []]);
  });

  it('has its body stored in S3 if it is too large for a row', async () => {
    const { exceptions, claims, run, put } = given();
    put('a', old, { payload: 'x'.repeat(400 * 1024) });

    expect(await run()).toBe(true);

    expect(claims.puts).toHaveLength(1);
    expect(exceptions.opened[0]?.envelope).toContain(claims.puts[0]);
  });

  it('stays when its large body cannot be stored', async () => {
    const source = new MemoryQueue();
    const keep = createMessageExceptions({
      claims: new MemoryClaims(new Error('S3')),
      exceptions: new MemoryExceptions(),
    });
    source.put('a', old, encodeMessage(message({ payload: 'x'.repeat(400 * 1024) })));

    const takeOut = createTakeOut({ keep, log: silentLog });
    const isDone = await createSweep({ source: () => source, takeOut, now: () => now, log: silentLog })(
      work,
      lambdaContext(60_000),
    );

    expect([isDone, source.visible]).toEqual([false, ['a']]);
  });

  it('is kept as its record shows it when its envelope cannot be read', async () => {
    const { source, exceptions, run } = given();
    const MessageAttributes = { amqp: { DataType: 'String', StringValue: '{"version":9}' } };
    source.put('sqs-a', old, { MessageBody: 'raw bytes', MessageAttributes });

    expect(await run()).toBe(true);

    expect(exceptions.opened).toMatchObject([{ eventId: 'sqs-a', reason: 'retention', body: 'raw bytes' }]);
    expect(exceptions.opened[0]?.envelope).toContain('{\\"version\\":9}');
    expect(source.all).toEqual([]);
  });

  it('waits for nobody if it has expired where RabbitMQ would drop it, and for somebody elsewhere', async () => {
    const { exceptions, run, put } = given();
    const expiresAt = now.getTime() - 1;

    put('a', old, { expiresAt });
    await run();
    put('b', old, { expiresAt });
    await run({ ...work, dropsExpired: false });
    put('c', old, { expiresAt: now.getTime() + 1 });
    await run();

    expect(exceptions.opened.map(({ state }) => state)).toEqual(['recorded', 'open', 'open']);
  });
});

describe('a message with time left', () => {
  it('is visible again after the sweep, which goes on for some batches without an old one: SQS promises no order', async () => {
    const { source, eventIds, run, put } = given();
    for (let at = 0; at < 12; at++) put(`old-${at}`, old);
    for (let at = 0; at < 300; at++) put(`young-${at}`, young);

    expect(await run()).toBe(true);

    expect(eventIds()).toHaveLength(12);
    expect(source.visible).toHaveLength(300);
    // Ten old; two old and eight young; then young ones only.
    expect(source.batches).toBe(2 + mostYoungBatches);
    expect(source.receivesOf('young-0')).toBe(1);
  });

  it('is old from one millisecond after its time on', async () => {
    const { source, run, put } = given();
    put('in-time', daysAgo(3));
    put('late', new Date(daysAgo(3).getTime() - 1));

    await run();

    expect(source.all).toEqual(['in-time']);
  });

  it('does not hide an old one behind it in a dead-letter queue, where receives count for nothing', async () => {
    const { source, eventIds, run, put } = given();
    for (let at = 0; at < 30; at++) put(`young-${at}`, young);
    put('old', old);

    expect(await run(deadLetters)).toBe(true);

    expect(eventIds()).toEqual(['event-old']);
    expect(source.visible).toHaveLength(30);
  });
});

describe('a sweep', () => {
  it('ends before the time of its function, and says that something is left', async () => {
    const { source, eventIds, run, put } = given();
    for (let at = 0; at < 50; at++) put(`old-${at}`, old);
    let left = 60_000;

    expect(await run(work, () => (left -= 10_000))).toBe(false);

    expect(eventIds().length).toBeGreaterThan(0);
    expect(source.visible.length).toBeGreaterThan(0);
    expect(eventIds().length + source.visible.length).toBe(50);
  });

  it('looks at so many messages of a queue, and says that something is left', async () => {
    const { source, run, put } = given();
    for (let at = 0; at < mostMessages + 20; at++) put(`old-${at}`, old);

    expect(await run()).toBe(false);

    expect(source.visible).toHaveLength(20);
  });

  it('hides messages for no longer than its function lives', async () => {
    const { source, run, put } = given();
    put('a', old);

    await run(work, () => 59_400);

    expect(new Set(source.hiddenSeconds)).toEqual(new Set([60]));
  });
});
