import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { createBatchLoop } from '../../../../../lambdas/shared/consumer/batch-loop.ts';
import { createBurial } from '../../../../../lambdas/shared/consumer/burial.ts';
import { createCircuit } from '../../../../../lambdas/shared/consumer/circuit.ts';
import type { BatchConsumer } from '../../../../../lambdas/shared/consumer/consumer.ts';
import { createMessageExceptions } from '../../../../../lambdas/shared/exceptions/message-exceptions.ts';
import type { Queue } from '../../../../../rabbitmq/topology.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { CountingMeter, lambdaContext, now, silentLog } from '../../builders.ts';
import { FakeBroker, stored } from '../../fake-broker.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { MemoryExceptions } from '../outbox/memory-outbox.ts';
import { MemoryCircuits } from './memory-circuits.ts';
import { MemoryFailures } from './record-loop-on-fakes.ts';

export interface BatchLoopOptions {
  /** Default: the consumer's queue, whose letters go to `dead`. */
  readonly source?: Queue;
  readonly deliveryLimit?: number;
  readonly circuits?: MemoryCircuits;
  /** Default: no circuit is opened. */
  readonly opensAfter?: number;
}

/** The batch loop around a consumer, with everything around it in memory. */
export function batchLoopAround<T>(
  consumer: BatchConsumer<T>,
  {
    source = queue(consumer.queue, { deadLetterExchange: 'dead' }),
    deliveryLimit = 1000,
    circuits = new MemoryCircuits(),
    opensAfter = 0,
  }: BatchLoopOptions = {},
) {
  const broker = new FakeBroker(stored('dead'));
  const failures = new MemoryFailures();
  const meter = new CountingMeter();
  const removed: string[] = [];
  const hidden: [sqsMessageId: string, seconds: number][] = [];
  const deadlines: (AbortSignal | undefined)[] = [];
  const loop = createBatchLoop(consumer, {
    queue: source,
    dialect: '4.3',
    bury: createBurial({
      dialect: '4.3',
      broker,
      keep: createMessageExceptions({ claims: new MemoryClaims(), exceptions: new MemoryExceptions() }),
      isWatched: () => false,
      now: () => now,
    }),
    maxReceives: 100,
    keepAtLastChance: async () => false,
    resolveReplay: async () => {},
    failures,
    deliveryLimit,
    claims: noClaims,
    receipts: {
      async hide({ messageId }, seconds, deadline) {
        hidden.push([messageId, seconds]);
        deadlines.push(deadline);
      },
      async remove({ messageId }) {
        removed.push(messageId);
      },
      async sendAnew() {
        throw new Error('Not implemented');
      },
    },
    circuit: createCircuit({
      circuits,
      queue: source.name,
      consumer: 'orders',
      opensAfter,
      firstProbeSeconds: 60,
      now: () => now,
      log: silentLog,
    }),
    retrySeconds: { min: 5, max: 60 },
    now: () => now,
    log: silentLog,
    meter,
  });
  return {
    broker,
    failures,
    removed,
    hidden,
    deadlines,
    outcomes: () => meter.counts.map(([, dimensions]) => dimensions['outcome']),
    async run(...records: SQSRecord[]): Promise<string[]> {
      const answer = (await loop({ Records: records }, lambdaContext())) satisfies SQSBatchResponse;
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}
