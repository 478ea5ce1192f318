import { z } from 'zod';
import { createHandler } from '../../../lambdas/delayed-publish/handler.ts';
import type { Resumer } from '../../../lambdas/shared/broker/broker.ts';
import { encodeWaiting, type Waiting } from '../../../lambdas/shared/broker/waiting.ts';
import { createRecordLoop, type RecordLoopDeps } from '../../../lambdas/shared/consumer/record-loop.ts';
import { noClaims } from '../../support/no-claims.ts';
import { sqsEvent } from '../../support/sqs-event.ts';
import { lambdaContext, recordOf, silentLog } from '../../unit/lambdas/builders.ts';
import type { Entry } from './memory-queues.ts';

const meter = { count() {} };

/** Hands the message to a consumer's function, as SQS does. False when the function reports it as failed, so that it stays. */
export async function consume(
  { sqs, returned }: Entry,
  deps: Pick<RecordLoopDeps, 'queue' | 'dialect' | 'broker' | 'now'>,
  handle: () => Promise<void>,
): Promise<boolean> {
  const loop = createRecordLoop(
    { queue: deps.queue.name, schema: z.unknown(), businessKey: () => 'any', comparable: () => [], handle },
    {
      ...deps,
      claims: noClaims,
      idempotency: { startInvocation() {}, once: (_, work) => work().then(() => true) },
      retryDelay: { delay: async () => {} },
      retrySeconds: { min: 1, max: 1 },
      log: silentLog,
      meter,
    },
  );
  const record = recordOf(sqs);
  const attributes = { ...record.attributes, ApproximateReceiveCount: String(returned + 1) };
  const { batchItemFailures } = await loop({ Records: [{ ...record, attributes }] }, lambdaContext());
  return batchItemFailures.length === 0;
}

/** Hands a message that was kept, and is due, to the function that sends it on. False as above. */
export async function sendOn(waiting: Waiting, broker: Resumer): Promise<boolean> {
  const handler = createHandler({ broker, claims: noClaims, log: silentLog, meter });
  const { batchItemFailures } = await handler(sqsEvent(encodeWaiting(waiting)), lambdaContext());
  return batchItemFailures.length === 0;
}
