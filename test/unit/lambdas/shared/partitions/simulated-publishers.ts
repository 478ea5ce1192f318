import type { Sendable } from '../../../../../lambdas/shared/broker/batches.ts';
import { type Broker, createBroker } from '../../../../../lambdas/shared/broker/broker.ts';
import type { QueueSender } from '../../../../../lambdas/shared/broker/queue-sender.ts';
import type { SendOutcome } from '../../../../../lambdas/shared/broker/report.ts';
import type { PartitionTimes } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createAssignmentReader } from '../../../../../lambdas/shared/partitions/assignment-reader.ts';
import { createPartitionedDispatch } from '../../../../../lambdas/shared/partitions/partitioned-dispatch.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import { bodyBytesLimits } from '../../../../../rabbitmq/publishing/publish.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { noDelays } from '../../../../support/no-delays.ts';
import { message } from '../../builders.ts';
import type { World } from './simulated-world.ts';

/** Time in which all messages are published. */
const lastsMs = 250_000;
const publishers = 4;

export interface Traffic {
  readonly keys: readonly string[];
  readonly perKey: number;
}

/** What is next of a key is published by any of four publishers, until it is confirmed: only then there is a next one. */
export async function publishAll(world: World, traffic: Traffic, times: PartitionTimes): Promise<void> {
  const brokers = Array.from({ length: publishers }, () => publisherIn(world, times));
  await Promise.all(
    brokers.map((_, at) =>
      produce(world, { ...traffic, keys: traffic.keys.filter((__, of) => of % publishers === at) }, brokers),
    ),
  );
}

async function produce(
  { random, between, counts }: World,
  { keys, perKey }: Traffic,
  brokers: readonly Broker[],
): Promise<void> {
  const next = new Map(keys.map((key) => [key, 1]));
  while (next.size > 0) {
    const key = [...next.keys()][Math.floor(random() * next.size)] ?? '';
    const n = next.get(key) ?? 1;
    const some = messagesFrom(key, n, Math.min(1 + Math.floor(random() * 3), perKey - n + 1));
    for (let left = some; left.length > 0; ) {
      const answers = (await brokers[Math.floor(random() * brokers.length)]?.publish(left)) ?? [];
      const bad = answers.findIndex(({ confirm }) => confirm !== 'ack');
      if (bad !== -1) counts.unknown += 1;
      left = bad === -1 ? [] : left.slice(bad);
    }
    counts.published += some.length;
    next.delete(key);
    if (n + some.length <= perKey) next.set(key, n + some.length);
    await between(0, (lastsMs * some.length) / ((keys.length * perKey) / 2));
  }
}

function messagesFrom(key: string, first: number, count: number): Message[] {
  return Array.from({ length: count }, (_, at) =>
    message({
      exchange: 'shards',
      routingKeys: [key],
      properties: { message_id: `${key} ${first + at}` },
      payload: JSON.stringify({ key, n: first + at }),
    }),
  );
}

function publisherIn(world: World, times: PartitionTimes): Broker {
  const { clock, topology, ring, store, random } = world;
  const now = world.clockOfItsOwn();
  return createBroker({
    topology,
    queueUrl: ({ name }) => name,
    sender: slowSender(world),
    delays: noDelays,
    claims: noClaims,
    gate: async (copies) => copies.map(() => 'store'),
    partitions: createPartitionedDispatch({
      partitioned: [{ ring, reader: createAssignmentReader({ ring, initial: 4, store, times, now }) }],
      times,
      now,
      sleep: (ms) => clock.sleep(ms),
      timeout: (ms) => clock.timeout(ms),
    }),
    maxBodyBytes: bodyBytesLimits.usual,
    now,
    random,
  });
}

/** Takes seconds now and then, and its answer may get lost. */
function slowSender({ between, isChance, queue }: World): QueueSender {
  async function sendOne(url: string, { encode }: Sendable, deadline?: AbortSignal): Promise<SendOutcome> {
    await between(1, isChance(0.01) ? 9_000 : 30);
    if (deadline?.aborted) return { outcome: 'refused', reason: 'the time was up' };
    queue(url).send(await encode());
    return isChance(0.01) ? { outcome: 'unknown', reason: 'lost' } : { outcome: 'stored', sqsMessageId: 'sqs' };
  }
  return {
    async send(url, sendables, deadline) {
      const outcomes: SendOutcome[] = [];
      for (const one of sendables) outcomes.push(await sendOne(url, one, deadline));
      return outcomes;
    },
  };
}
