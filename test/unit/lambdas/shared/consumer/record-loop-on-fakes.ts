import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { Claims } from '../../../../../lambdas/shared/broker/claim-check.ts';
import { encodeMessage } from '../../../../../lambdas/shared/broker/envelope.ts';
import { createBurial } from '../../../../../lambdas/shared/consumer/burial.ts';
import { createCircuit, type ProbeEvent } from '../../../../../lambdas/shared/consumer/circuit.ts';
import type { Consumer, Delivery } from '../../../../../lambdas/shared/consumer/consumer.ts';
import { RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import type { Failures } from '../../../../../lambdas/shared/consumer/failures.ts';
import type { EffectKey } from '../../../../../lambdas/shared/consumer/idempotency.ts';
import { createLastChance } from '../../../../../lambdas/shared/consumer/last-chance.ts';
import { createRecordLoop } from '../../../../../lambdas/shared/consumer/record-loop.ts';
import { createResolveReplay } from '../../../../../lambdas/shared/consumer/resolve-replay.ts';
import type { SettlementDeps } from '../../../../../lambdas/shared/consumer/settlement.ts';
import { createMessageExceptions } from '../../../../../lambdas/shared/exceptions/message-exceptions.ts';
import type { PartitionGuard } from '../../../../../lambdas/shared/partitions/partition-guard.ts';
import type { Dialect } from '../../../../../rabbitmq/dialect.ts';
import type { Message } from '../../../../../rabbitmq/message.ts';
import type { Queue } from '../../../../../rabbitmq/topology.ts';
import { noClaims } from '../../../../support/no-claims.ts';
import { queue } from '../../../rabbitmq/topology-builders.ts';
import { CountingMeter, lambdaContext, message, now, recordOf, silentLog } from '../../builders.ts';
import { FakeBroker, stored } from '../../fake-broker.ts';
import { MemoryClaims } from '../../memory-claims.ts';
import { MemoryExceptions } from '../outbox/memory-outbox.ts';
import { MemoryCircuits } from './memory-circuits.ts';

/** Event id → failures. `broken` is what every call ends in. */
export class MemoryFailures implements Failures {
  readonly counts = new Map<string, number>();
  broken: Error | undefined;

  async add(eventId: string): Promise<number> {
    if (this.broken) throw this.broken;
    const all = (this.counts.get(eventId) ?? 0) + 1;
    this.counts.set(eventId, all);
    return all;
  }

  async count(eventId: string): Promise<number> {
    return this.counts.get(eventId) ?? 0;
  }

  async forget(eventId: string): Promise<void> {
    if (this.broken) throw this.broken;
    this.counts.delete(eventId);
  }
}

export const schema = z.object({ n: z.int() });
export type Body = z.infer<typeof schema>;

/** `orders`, whose letters go to `dead`. */
export const orders = queue('orders', { deadLetterExchange: 'dead' });

/** The loop with everything around it in memory; each record's work is `handle`. */
export function loopOnFakes(
  handle: (delivery: Delivery<Body>) => Promise<void>,
  { autoAck = false, ...options }: LoopOptions & { readonly autoAck?: boolean } = {},
) {
  return loopAround(
    { queue: 'orders', schema, businessKey: ({ n }) => `key-${n}`, comparable: ({ n }) => [n], handle, autoAck },
    { source: orders, ...options },
  );
}

export interface LoopOptions {
  readonly broker?: FakeBroker;
  readonly claims?: Pick<Claims, 'fetch'>;
  /** Default: the consumer's queue, whose letters go to `dead`. */
  readonly source?: Queue;
  readonly retrySeconds?: SettlementDeps['retrySeconds'];
  readonly leftMs?: () => number;
  readonly dialect?: Dialect;
  readonly deliveryLimit?: number;
  readonly maxReceives?: number;
  readonly failures?: MemoryFailures;
  /** Default: it may wait for ever. */
  readonly keepAfterSeconds?: number;
  /** Business keys that another function is at. */
  readonly locked?: readonly string[];
  /** Queues whose messages are for a person. */
  readonly watched?: readonly string[];
  readonly circuits?: MemoryCircuits;
  /** Default: no circuit is opened. */
  readonly opensAfter?: number;
  /** Default: the queue is no partition. */
  readonly partition?: PartitionGuard;
}

/** The same around any consumer. */
export function loopAround<T>(
  consumer: Consumer<T>,
  {
    broker = new FakeBroker(stored('dead')),
    claims = noClaims,
    source = queue(consumer.queue, { deadLetterExchange: 'dead' }),
    retrySeconds = { min: 5, max: 60 },
    leftMs = () => 10_000,
    dialect = '4.3',
    deliveryLimit = 1000,
    maxReceives = 1000,
    failures = new MemoryFailures(),
    keepAfterSeconds,
    locked = [],
    watched = [],
    circuits = new MemoryCircuits(),
    opensAfter = 0,
    partition,
  }: LoopOptions = {},
) {
  const delays: [sqsMessageId: string, seconds: number][] = [];
  const deadlines: (AbortSignal | undefined)[] = [];
  const anew: string[] = [];
  const keys: EffectKey[] = [];
  const done = new Set<string>();
  const meter = new CountingMeter();
  const exceptions = new MemoryExceptions();
  const buriedBodies = new MemoryClaims();
  const keep = createMessageExceptions({ claims: buriedBodies, exceptions });
  const invocations: string[] = [];
  const removal = { removed: [] as string[], broken: undefined as Error | undefined };
  const circuit = createCircuit({
    circuits,
    queue: source.name,
    consumer: 'orders',
    opensAfter,
    firstProbeSeconds: 60,
    now: () => now,
    log: silentLog,
  });
  const loop = createRecordLoop(consumer, {
    queue: source,
    dialect,
    idempotency: {
      startInvocation: ({ awsRequestId }) => void invocations.push(awsRequestId),
      async once(key, work) {
        keys.push(key);
        if (locked.includes(key.businessKey)) throw new RetryableError('locked', { delaySeconds: 3 });
        if (done.has(key.businessKey)) return false;
        await work();
        done.add(key.businessKey);
        return true;
      },
    },
    bury: createBurial({
      dialect,
      broker,
      keep,
      isWatched: ({ vhost, name }) => vhost === '/' && watched.includes(name),
      now: () => now,
    }),
    keepAtLastChance: createLastChance({ keep, keepAfterSeconds, now: () => now, log: silentLog }),
    resolveReplay: createResolveReplay(exceptions),
    failures,
    deliveryLimit,
    maxReceives,
    claims,
    receipts: {
      async hide({ messageId }, seconds, deadline) {
        delays.push([messageId, seconds]);
        deadlines.push(deadline);
      },
      async remove({ messageId }) {
        if (removal.broken) throw removal.broken;
        removal.removed.push(messageId);
      },
      async sendAnew({ messageId }) {
        anew.push(messageId);
      },
    },
    circuit,
    partition,
    retrySeconds,
    now: () => now,
    log: silentLog,
    meter,
  });
  const outcomes = () => meter.counts.map(([, dimensions]) => dimensions['outcome']);
  const run = async (...records: SQSRecord[]): Promise<string[]> => {
    const context = { ...lambdaContext(), getRemainingTimeInMillis: leftMs };
    const answer = (await loop({ Records: records }, context)) satisfies SQSBatchResponse;
    return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const probe = async (record: SQSRecord) => {
    const event: ProbeEvent = { Records: [record], probe: true };
    return await loop(event, { ...lambdaContext(), getRemainingTimeInMillis: leftMs });
  };
  return {
    run,
    probe,
    circuits,
    broker,
    delays,
    deadlines,
    keys,
    outcomes,
    invocations,
    exceptions,
    failures,
    buriedBodies,
    removal,
    anew,
  };
}

/** A record of `orders`; `id` is its SQS message id and the end of its event id. */
export function delivered(id: string, changes: Partial<Message> = {}, receiveCount = 1): SQSRecord {
  const record = recordOf(encodeMessage(message({ properties: { message_id: `event-${id}` }, ...changes })));
  return {
    ...record,
    messageId: id,
    attributes: { ...record.attributes, ApproximateReceiveCount: String(receiveCount) },
  };
}

export const bodyOf = (n: number) => ({ payload: JSON.stringify({ n }) });
