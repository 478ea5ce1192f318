import { z } from 'zod';
import { createHandler } from '../../../lambdas/delayed-publish/handler.ts';
import type { Broker, Resumer } from '../../../lambdas/shared/broker/broker.ts';
import { encodeWaiting, type Waiting } from '../../../lambdas/shared/broker/waiting.ts';
import { createBurial } from '../../../lambdas/shared/consumer/burial.ts';
import { createCircuit } from '../../../lambdas/shared/consumer/circuit.ts';
import { createRecordLoop, type RecordLoopDeps } from '../../../lambdas/shared/consumer/record-loop.ts';
import type { NewException } from '../../../lambdas/shared/exceptions/exceptions.ts';
import { createMessageExceptions } from '../../../lambdas/shared/exceptions/message-exceptions.ts';
import { noClaims } from '../../support/no-claims.ts';
import { sqsEvent } from '../../support/sqs-event.ts';
import { lambdaContext, recordOf, silentLog } from '../../unit/lambdas/builders.ts';
import type { Entry } from './memory-queues.ts';

const meter = { count() {}, measure() {} };

/** What the consumer's function leaves of a message: it is acked or dead-lettered, where RabbitMQ would drop it an exception, or reported as failed. */
export type Left = 'nothing' | 'exception' | 'message';

export interface ConsumerSetting extends Pick<RecordLoopDeps, 'queue' | 'dialect' | 'now'> {
  readonly broker: Pick<Broker, 'republish'>;
  /** Failures of it so far, or all its returns where those count. */
  readonly failed: number;
}

const neverOpen = createCircuit({
  circuits: { get: async () => undefined, open: async () => {} },
  queue: 'any',
  consumer: 'any',
  opensAfter: 0,
  firstProbeSeconds: 1,
  now: () => new Date(0),
  log: silentLog,
});

/** Hands the message to a consumer's function, as SQS does. */
export async function consume(
  { sqs, returned }: Entry,
  { broker, failed, ...deps }: ConsumerSetting,
  handle: () => Promise<void>,
): Promise<Left> {
  let isException = false;
  const exceptions = {
    async open({ state }: NewException) {
      isException = state !== 'recorded';
    },
  };
  const loop = createRecordLoop(
    { queue: deps.queue.name, schema: z.unknown(), businessKey: () => 'any', comparable: () => [], handle },
    {
      ...deps,
      claims: noClaims,
      bury: createBurial({
        ...deps,
        broker,
        isWatched: () => false,
        keep: createMessageExceptions({ claims: noClaims, exceptions }),
      }),
      maxReceives: Number.POSITIVE_INFINITY,
      keepAtLastChance: async () => false,
      resolveReplay: async () => {},
      failures: { add: async () => failed + 1, count: async () => failed, forget: async () => {} },
      deliveryLimit: deps.queue.deliveryLimit ?? Number.POSITIVE_INFINITY,
      idempotency: { startInvocation() {}, once: (_, work) => work().then(() => true) },
      receipts: { hide: async () => {}, remove: async () => {}, sendAnew: async () => {} },
      circuit: neverOpen,
      retrySeconds: { min: 1, max: 1 },
      log: silentLog,
      meter,
    },
  );
  const record = recordOf(sqs);
  const attributes = { ...record.attributes, ApproximateReceiveCount: String(returned + 1) };
  const { batchItemFailures } = await loop({ Records: [{ ...record, attributes }] }, lambdaContext());
  if (batchItemFailures.length > 0) return 'message';
  return isException ? 'exception' : 'nothing';
}

/** Hands a message that was kept, and is due, to the function that sends it on. False when the function reports it as failed, so that it stays. */
export async function sendOn(waiting: Waiting, broker: Resumer): Promise<boolean> {
  const handler = createHandler({ broker, claims: noClaims, log: silentLog, meter });
  const { batchItemFailures } = await handler(sqsEvent(encodeWaiting(waiting)), lambdaContext());
  return batchItemFailures.length === 0;
}
