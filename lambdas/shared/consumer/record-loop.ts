import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deliveryHeaders } from '../../../rabbitmq/dead-lettering/delivery-headers.ts';
import { isOverDeliveryLimit } from '../../../rabbitmq/dead-lettering/delivery-limit.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { type Claims, withBody } from '../broker/claim-check.ts';
import { decodeRecord } from '../broker/envelope.ts';
import { deadlineOf } from '../deadline.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import type { Bury, EndReason } from './burial.ts';
import type { Consumer } from './consumer.ts';
import { ExpiredError, PermanentError, RetryableError } from './errors.ts';
import type { Failures } from './failures.ts';
import type { IdempotencyGuard } from './idempotency.ts';
import { parsePayload } from './parse-payload.ts';
import { unreadableMessage } from './unreadable-message.ts';

/**
 * Hides a received message for a while. MUST NOT throw when the receipt is no longer valid, or when the deadline comes first: the message
 * then comes back by itself.
 */
export interface RetryDelay {
  delay(record: SQSRecord, seconds: number, deadline?: AbortSignal): Promise<void>;
}

export interface RecordLoopDeps {
  readonly queue: Queue;
  readonly dialect: Dialect;
  readonly idempotency: IdempotencyGuard;
  readonly bury: Bury;
  readonly failures: Failures;
  /** N: a message whose handling has failed N + 1 times is dead (rule 4.8.6). */
  readonly deliveryLimit: number;
  /** Where bodies lie that are too large for SQS. */
  readonly claims: Pick<Claims, 'fetch'>;
  readonly retryDelay: RetryDelay;
  /** delay = min(min × failures, max), RabbitMQ's delayed retry (rule 4.8.9). */
  readonly retrySeconds: { readonly min: number; readonly max: number };
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** The share of a function's time in which no record is started: killed in the middle, it would take its whole batch with it. */
const reserved = 0.2;
/** Twelve hours (SQS API reference, ChangeMessageVisibility). */
const longestVisibilitySeconds = 43_200;

/**
 * The Lambda handler of a consumer. Each record by itself: decode → fetch its body, if that lies elsewhere → expired? → parse → once per business key →
 * ack (the record is left out of the answer), retry (it is reported as a batch item failure and hidden for the retry delay) or the end (it is
 * rejected, expired or over its delivery limit: buried, then acked).
 */
export function createRecordLoop<Body>(consumer: Consumer<Body>, deps: RecordLoopDeps) {
  const processor = new BatchProcessor(EventType.SQS);

  let isLate: () => boolean = () => false;
  let deadline: AbortSignal | undefined;

  async function handleRecord(record: SQSRecord): Promise<void> {
    const receiveCount = Number(record.attributes?.ApproximateReceiveCount ?? 1);
    const log = deps.log.with({ sqsMessageId: record.messageId, receiveCount, queue: consumer.queue });
    if (isLate()) {
      count('postponed');
      throw new RetryableError('too little of the function’s time is left to start this record');
    }
    const attempt: Attempt = { record, receiveCount, hasFailed: false, log };
    try {
      attempt.message = await withBody(decodeRecord(record, deps.queue), deps.claims);
      refuseExpired(attempt.message);
      attempt.log = log.with({ eventId: attempt.message.properties.message_id });
      const ran = await takeOnce(attempt.message, attempt);
      count(ran ? 'ack' : 'duplicate');
      attempt.log.info('message acked', { duplicate: !ran });
    } catch (error) {
      await endOrRetry(attempt, error);
    }
  }

  /** False for a repeat: its effect is there already. */
  async function takeOnce(message: Message, attempt: Attempt): Promise<boolean> {
    const body = await parsePayload(message, consumer.schema);
    const key = { businessKey: consumer.businessKey(body), comparable: consumer.comparable(body) };
    return await deps.idempotency.once(key, async () => {
      const delivery = { body, message: await asDelivered(message, attempt), log: attempt.log };
      try {
        await consumer.handle({ ...delivery, redelivered: attempt.receiveCount > 1 });
      } catch (error) {
        attempt.hasFailed = true;
        throw error;
      }
    });
  }

  /** With the headers its queue adds to a redelivery. */
  async function asDelivered(message: Message, { receiveCount }: Attempt): Promise<Message> {
    const returned = receiveCount - 1;
    if (returned === 0 || deps.queue.type !== 'quorum') return message;
    const failed = await deps.failures.count(message.properties.message_id);
    return {
      ...message,
      headers: { ...message.headers, ...deliveryHeaders(deps.queue, { returned, failed }, deps.dialect) },
    };
  }

  /** What is expired is never handed to a handler (rule 4.7.5). */
  function refuseExpired({ expiresAt }: Message): void {
    if (expiresAt !== undefined && deps.now().getTime() >= expiresAt) throw new ExpiredError(expiresAt);
  }

  /** Throws unless the message is buried: it then stays. */
  async function endOrRetry(attempt: Attempt, error: unknown): Promise<void> {
    const failed = attempt.hasFailed && !(error instanceof PermanentError) ? await addFailure(attempt) : undefined;
    const reason = endReasonOf(error, failed);
    if (reason && (await end(attempt, reason, asError(error)))) return;
    await deps.retryDelay.delay(attempt.record, retryDelaySeconds(error, failed ?? attempt.receiveCount), deadline);
    count('retry');
    attempt.log.error('message will be retried', error);
    throw error;
  }

  /** Undefined when it cannot be counted: SQS still counts receives, and ends the message after more of them. */
  async function addFailure({ message, log }: Attempt): Promise<number | undefined> {
    try {
      return message && (await deps.failures.add(message.properties.message_id));
    } catch (error) {
      log.error('failure not counted', error);
      return undefined;
    }
  }

  function endReasonOf(error: unknown, failed = 0): EndReason | undefined {
    if (error instanceof ExpiredError) return 'expired';
    if (error instanceof PermanentError) return 'rejected';
    // Only failures come here: the one count stands for both.
    const isOver = isOverDeliveryLimit(deps, { returned: failed, failed }, deps.dialect);
    return isOver ? 'delivery_limit' : undefined;
  }

  /** False when the message could not be stored elsewhere: it stays, is retried, and ends in the native dead-letter queue at last. */
  async function end({ record, message, log }: Attempt, reason: EndReason, error: Error): Promise<boolean> {
    const whole = message ?? unreadableMessage(record, deps.queue);
    try {
      const where = await deps.bury(whole, { queue: deps.queue, reason, error }, deadline);
      count(reason);
      if (reason === 'expired') log.info('message expired', { where });
      else log.error('message is dead', error, { reason, where });
    } catch (cause) {
      log.error('message could not be buried', cause, { reason });
      return false;
    }
    if (reason === 'delivery_limit') await forgetFailures(whole, log);
    return true;
  }

  async function forgetFailures({ properties }: Message, log: Log): Promise<void> {
    try {
      await deps.failures.forget(properties.message_id);
    } catch (error) {
      log.error('failures not forgotten', error);
    }
  }

  function retryDelaySeconds(error: unknown, failed: number): number {
    const { min, max } = deps.retrySeconds;
    const asked = error instanceof RetryableError ? error.delaySeconds : undefined;
    return Math.min(asked ?? Math.min(min * failed, max), longestVisibilitySeconds);
  }

  /** Each message counts once; a `duplicate` is acked too. */
  function count(outcome: 'ack' | 'duplicate' | 'retry' | 'postponed' | EndReason): void {
    deps.meter.count('MessagesHandled', { queue: consumer.queue, outcome });
  }

  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    deps.idempotency.startInvocation(context);
    const reserve = context.getRemainingTimeInMillis() * reserved;
    isLate = () => context.getRemainingTimeInMillis() < reserve;
    deadline = deadlineOf(context);
    return processPartialResponse(event, handleRecord, processor, {
      context,
      // One after another: the same business key twice in one batch is then a plain duplicate (Powertools pitfall P15).
      processInParallel: false,
      throwOnFullBatchFailure: false,
    });
  };
}

/** One delivery of one message, as far as it has got. */
interface Attempt {
  readonly record: SQSRecord;
  readonly receiveCount: number;
  /** Undefined until it is read. */
  message?: Message;
  /** Its handler threw; what fails before or around it is not the message's fault. */
  hasFailed: boolean;
  log: Log;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
