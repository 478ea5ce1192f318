import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import { createCircuit } from '../../../../../lambdas/shared/consumer/circuit.ts';
import { createRecordLoop } from '../../../../../lambdas/shared/consumer/record-loop.ts';
import { partitionTimes } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { createAssignmentReader } from '../../../../../lambdas/shared/partitions/assignment-reader.ts';
import { createPartitionGuard, type PartitionGuard } from '../../../../../lambdas/shared/partitions/partition-guard.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { CountingMeter, lambdaContext, silentLog } from '../../builders.ts';
import { MemoryCircuits } from '../consumer/memory-circuits.ts';
import { MemoryFailures } from '../consumer/record-loop-on-fakes.ts';
import type { World } from './simulated-world.ts';

const schema = z.object({ key: z.string(), n: z.int() });
type Body = z.infer<typeof schema>;

/** Takes the batches of a partition as Lambda would, until all is over: fails, dies in the middle, loses its answer, and does nothing for a while. */
export async function consume(world: World, name: string, withGuard: (guard: PartitionGuard) => PartitionGuard) {
  const { between, isChance, state, counts } = world;
  const work = workOf(world);
  const loop = loopOf(world, { name, handle: work.handle, withGuard });
  const source = world.queue(name);

  async function take(records: readonly SQSRecord[]): Promise<void> {
    const answer = await Promise.race([loop({ Records: [...records] }, lambdaContext(30_000)), work.death()]);
    if (answer === 'died') {
      counts.deaths += 1;
      await between(100, 5_000);
      return;
    }
    // Nothing is deleted when the function dies before its answer is there.
    if (!state.isCalm && isChance(0.005)) return;
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receiptHandle } of records) if (!failed.has(messageId)) source.delete(receiptHandle);
  }

  while (!state.isOver) {
    const records = source.receive(10, 60_000);
    if (records.length === 0) await between(100, 1_000);
    else await take(records);
    if (!state.isCalm && isChance(0.01)) await between(5_000, 40_000);
  }
}

/** What a handler does, and when it dies of it. */
function workOf({ between, isChance, handled, counts, state }: World) {
  let die = (): void => {};
  return {
    death: () =>
      new Promise<'died'>((died) => {
        die = () => died('died');
      }),
    async handle({ body: { key, n } }: { readonly body: Body }): Promise<void> {
      await between(1, 30);
      if (!state.isCalm && isChance(0.02)) {
        counts.failures += 1;
        throw new Error('not now');
      }
      const before = handled.get(key) ?? [];
      // The inner door: its write is conditional.
      if (!before.includes(n)) handled.set(key, [...before, n]);
      if (!state.isCalm && isChance(0.003)) {
        die();
        await new Promise(() => {});
      }
    },
  };
}

interface LoopOptions {
  readonly name: string;
  readonly handle: (delivery: { readonly body: Body }) => Promise<void>;
  readonly withGuard: (guard: PartitionGuard) => PartitionGuard;
}

function loopOf(world: World, { name, handle, withGuard }: LoopOptions) {
  const { ring, store, buried, done } = world;
  const now = world.clockOfItsOwn();
  const reader = createAssignmentReader({ ring, initial: 4, store, times: partitionTimes, now });
  const source = queue(name, { singleActiveConsumer: true });
  const consumer = {
    queue: name,
    schema,
    businessKey: ({ key, n }: Body) => `${key} ${n}`,
    comparable: () => [],
    handle,
  };
  return createRecordLoop(consumer, {
    queue: source,
    dialect: '4.3',
    idempotency: {
      startInvocation() {},
      async once({ businessKey }, work) {
        if (done.has(businessKey)) return false;
        await work();
        done.add(businessKey);
        return true;
      },
    },
    bury: async ({ properties }) => {
      buried.push(properties.message_id);
      return 'exception';
    },
    keepAtLastChance: async () => false,
    resolveReplay: async () => {},
    failures: new MemoryFailures(),
    deliveryLimit: 1000,
    maxReceives: 1000,
    claims: noClaims,
    receipts: {
      hide: async ({ receiptHandle }, seconds) => world.queue(name).hide(receiptHandle, seconds),
      remove: async ({ receiptHandle }) => world.queue(name).delete(receiptHandle),
      sendAnew: async () => {},
    },
    circuit: createCircuit({
      circuits: new MemoryCircuits(),
      queue: name,
      consumer: 'shards',
      opensAfter: 0,
      firstProbeSeconds: 60,
      now,
      log: silentLog,
    }),
    partition: withGuard(createPartitionGuard({ queue: source, ring, reader, store })),
    retrySeconds: { min: 1, max: 5 },
    now,
    log: silentLog,
    meter: new CountingMeter(),
  });
}
