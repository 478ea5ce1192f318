import { createBroker } from '../../../../../lambdas/shared/broker/broker.ts';
import { decodeRecord, type SqsMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import { partitionTimes, type Step } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createAssignmentReader } from '../../../../../lambdas/shared/partitions/assignment-reader.ts';
import { createPartitionedDispatch } from '../../../../../lambdas/shared/partitions/partitioned-dispatch.ts';
import { stampOf } from '../../../../../lambdas/shared/partitions/stamp.ts';
import { bodyBytesLimits } from '../../../../../rabbitmq/publishing/publish.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { noDelays } from '../../../../support/no-delays.ts';
import { ringOf, shards } from '../../../rabbitmq/partitions/rings.ts';
import { bindExchange, bindQueue, exchange, queue, topology } from '../../../rabbitmq/topology-builders.ts';
import { message, recordOf } from '../../builders.ts';
import { FakeSender } from '../broker/broker-on-fakes.ts';
import { MemoryPartitionStore } from './memory-partition-store.ts';

const partitions = shards([1, 1, 1, 1], 2);
/** `all` leads to the partitions, and to a queue with an order of its own; what is too much for `full` goes to the partitions. */
const on = topology({
  exchanges: [...partitions.exchanges, exchange('all', 'fanout')],
  queues: [
    ...partitions.queues,
    queue('journal', { singleActiveConsumer: true }),
    queue('full', { type: 'classic', maxLength: 1, overflow: 'reject-publish-dlx', deadLetterExchange: 'shards' }),
  ],
  bindings: [...partitions.bindings, bindExchange('all', 'shards'), bindQueue('all', 'journal')],
});
const ring = ringOf(on);
const [two, four] = [
  { active: 2, declared: 4 },
  { active: 4, declared: 4 },
];
const routed = (key: string) => ({ vhost: '/', exchange: 'shards', routingKeys: [key] });
const moves = (key: string): boolean => ring.place(routed(key), two).queue !== ring.place(routed(key), four).queue;
const keys = Array.from({ length: 100 }, (_, at) => `key-${at}`);
const moving = keys.find(moves) ?? '';
const staying = keys.find((key) => !moves(key)) ?? '';
const switchAt = 1_000_000;
const { skewMs, sendMs } = partitionTimes;

/** A publisher at a time before or after the switch from two partitions to four. */
async function publisherAt(afterSwitchMs: number, { broken }: { readonly broken?: Error } = {}) {
  const at = { time: switchAt + afterSwitchMs };
  const store = new MemoryPartitionStore(async () => {
    if (broken) throw broken;
  });
  const began: Step = { ...two, switchAt: 0, markedAt: 0, drainedAt: 0 };
  if (!broken)
    await store.read({ vhost: '/', name: 'shards' }, { lines: ring.lines, steps: [began, { ...four, switchAt }] });
  const sender = new FakeSender();
  const deadlines: (AbortSignal | undefined)[] = [];
  const limit = new AbortController();
  const timeouts: number[] = [];
  const now = () => new Date(at.time);
  const broker = createBroker({
    topology: on,
    queueUrl: ({ name }) => name,
    sender: {
      async send(url, messages, deadline) {
        deadlines.push(deadline);
        return await sender.send(url, messages);
      },
    },
    delays: noDelays,
    claims: noClaims,
    gate: async (copies) => copies.map((copy) => (copy.queue.name === 'full' ? 'dead-letter' : 'store')),
    partitions: createPartitionedDispatch({
      partitioned: [{ ring, reader: createAssignmentReader({ ring, initial: 2, store, times: partitionTimes, now }) }],
      times: partitionTimes,
      now,
      async sleep(milliseconds) {
        at.time += milliseconds;
      },
      timeout(milliseconds) {
        timeouts.push(milliseconds);
        return limit.signal;
      },
    }),
    maxBodyBytes: bodyBytesLimits.usual,
    now,
    random: () => 0,
  });
  const publish = (...some: [key: string, exchange?: string][]) =>
    broker.publish(some.map(([key, exchange = 'shards']) => message({ exchange, routingKeys: [key] })));
  /** In the order they were sent. */
  const sent = () =>
    sender.sent.flatMap(([queue, messages]) =>
      messages.map((one: SqsMessage) => ({
        queue,
        group: one.MessageGroupId,
        version: stampOf(recordOf(one))?.version,
      })),
    );
  const keysIn = (name: string) =>
    sender.sent
      .filter(([queue]) => queue === name)
      .flatMap(([, messages]) => messages)
      .map((one) => decodeRecord(recordOf(one), { vhost: '/', name }).routingKeys[0]);
  return { publish, sent, keysIn, timeouts, deadlines, limit, at };
}

describe('a message for a partition', () => {
  it('goes where its key is at the moment, and says by which assignment', async () => {
    const [before, after] = [await publisherAt(-skewMs - 1), await publisherAt(skewMs + 1)];

    await before.publish([moving]);
    const [published] = await after.publish([moving]);

    expect(before.sent()).toEqual([{ ...ring.place(routed(moving), two), version: 0 }]);
    expect(after.sent()).toEqual([{ ...ring.place(routed(moving), four), version: 1 }]);
    expect(published?.queues.map(({ queue }) => queue)).toEqual([ring.place(routed(moving), four).queue]);
  });

  it('waits around the switch when its key moves, and what is published with it does not', async () => {
    const { publish, sent, at } = await publisherAt(0);

    const published = await publish([moving], [staying], [moving]);

    expect(sent().map(({ version }) => version)).toEqual([0, 1, 1]);
    expect(sent()[0]?.queue).toBe(ring.place(routed(staying), two).queue);
    expect(at.time).toBe(switchAt + skewMs + 1);
    expect(published.map(({ confirm }) => confirm)).toEqual(['ack', 'ack', 'ack']);
  });

  it('does not hold its copies for other queues back: the next message would overtake them there', async () => {
    const { publish, keysIn } = await publisherAt(0);

    const published = await publish([moving, 'all'], [staying, 'all']);

    expect(keysIn('journal')).toEqual([moving, staying]);
    expect(published).toMatchObject([
      {
        confirm: 'ack',
        queues: [
          { queue: 'journal', outcome: 'stored' },
          { queue: ring.place(routed(moving), four).queue, outcome: 'stored' },
        ],
      },
      { confirm: 'ack', queues: [{ queue: 'journal' }, { queue: ring.place(routed(staying), two).queue }] },
    ]);
  });

  it('goes where its key is when it is the letter of a full queue, too', async () => {
    const { publish, sent } = await publisherAt(skewMs + 1);

    await publish(['full', '']);

    expect(sent()).toEqual([{ ...ring.place(routed('full'), four), version: 1 }]);
  });

  it('is given up before anybody could rely on its having arrived', async () => {
    const { publish, timeouts, deadlines, limit } = await publisherAt(-skewMs - 1);

    await publish([moving]);
    limit.abort();

    expect(timeouts).toContain(sendMs);
    expect(deadlines.map((deadline) => deadline?.aborted)).toEqual([true]);
  });

  it('stays in the queue that it names itself', async () => {
    const { publish, sent } = await publisherAt(0);

    await publish(['shard-3', '']);

    expect(sent()).toEqual([{ queue: 'shard-3', group: 'queue', version: undefined }]);
  });

  it('is refused while nobody knows which partitions are in use', async () => {
    const { publish, sent } = await publisherAt(0, { broken: new Error('down') });

    const [published] = await publish([moving]);

    expect(published?.confirm).toBe('nack');
    expect(sent()).toEqual([]);
  });
});
