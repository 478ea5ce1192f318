import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { deadLetter } from '../../../rabbitmq/dead-lettering/dead-letter.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import type { Broker } from '../broker/broker.ts';
import { type Claims, withBody } from '../broker/claim-check.ts';
import { decodeRecord, envelopeAttribute, plainMessage } from '../broker/envelope.ts';
import { deadlineOf } from '../deadline.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import type { Consumer } from './consumer.ts';
import { PermanentError, RetryableError } from './errors.ts';
import type { IdempotencyGuard } from './idempotency.ts';
import { parsePayload } from './parse-payload.ts';

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
  readonly broker: Broker;
  /** Where bodies lie that are too large for SQS. */
  readonly claims: Pick<Claims, 'fetch'>;
  readonly retryDelay: RetryDelay;
  /** delay = min(min × receive count, max), RabbitMQ's delayed retry (rule 4.8.9). */
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
 * The Lambda handler of a consumer. Each record by itself: decode → fetch its body, if that lies elsewhere → expired? → parse → once per business key → ack (the record is left
 * out of the answer), retry (it is reported as a batch item failure and hidden for the retry delay) or reject (it is
 * dead-lettered, then acked).
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
    let message: Message | undefined;
    try {
      message = await withBody(decodeRecord(record, deps.queue), deps.claims);
      if (isExpired(message)) return await expire(message, log);
      const itsLog = log.with({ eventId: message.properties.message_id });
      const ran = await takeOnce(message, itsLog);
      count(ran ? 'ack' : 'duplicate');
      itsLog.info('message acked', { duplicate: !ran });
    } catch (error) {
      if (error instanceof PermanentError && (await rejectOrKeep(message ?? unreadable(record), error, log))) return;
      await deps.retryDelay.delay(record, retryDelaySeconds(error, receiveCount), deadline);
      count('retry');
      log.error('message will be retried', error);
      throw error;
    }
  }

  /** False for a repeat: its effect is there already. */
  async function takeOnce(message: Message, log: Log): Promise<boolean> {
    const body = await parsePayload(message, consumer.schema);
    const key = { businessKey: consumer.businessKey(body), comparable: consumer.comparable(body) };
    return await deps.idempotency.once(key, () => consumer.handle({ body, message, log }));
  }

  /** What is expired is never handed to a handler (rule 4.7.5). */
  function isExpired({ expiresAt }: Message): boolean {
    return expiresAt !== undefined && deps.now().getTime() >= expiresAt;
  }

  /** Dead-lettered, or dropped where the queue has no dead-letter exchange, as RabbitMQ drops it. Throws when nothing took the letter. */
  async function expire(message: Message, log: Log): Promise<void> {
    const stored = await bury(message, 'expired');
    if (!stored) throw new RetryableError('it is expired, and no queue took its letter');
    count('expired');
    log.info('message expired', { eventId: message.properties.message_id });
  }

  /** False when nothing took the letter. Without a dead-letter exchange only what is expired may be gone. */
  async function bury(message: Message, reason: 'expired' | 'rejected'): Promise<boolean> {
    const time = Math.floor(deps.now().getTime() / 1000);
    const letter = deadLetter(message, { queue: deps.queue, reason, time }, deps.dialect);
    if (!letter) return reason === 'expired';
    const { confirm, queues } = await deps.broker.republish(letter, deadline);
    return confirm === 'ack' && queues.length > 0;
  }

  /** A letter that cannot even be made is a message that stays. */
  async function rejectOrKeep(message: Message, error: PermanentError, log: Log): Promise<boolean> {
    try {
      return await reject(message, error, log);
    } catch (cause) {
      log.error('message could not be dead-lettered', cause);
      return false;
    }
  }

  /** False when nothing took the letter: the message then stays, retries, and ends in the native dead-letter queue. */
  async function reject(message: Message, error: PermanentError, log: Log): Promise<boolean> {
    if (!(await bury(message, 'rejected'))) return false;
    count('reject');
    log.error('message rejected', error, { deadLetterExchange: deps.queue.deadLetterExchange });
    return true;
  }

  /** A message whose envelope cannot be read is dead-lettered too: as what its record shows, the unread attribute kept as a header. */
  function unreadable(record: SQSRecord): Message {
    const headers = { 'x-unreadable-envelope': record.messageAttributes[envelopeAttribute]?.stringValue ?? '' };
    return { ...plainMessage(record, deps.queue), headers };
  }

  function retryDelaySeconds(error: unknown, receiveCount: number): number {
    const { min, max } = deps.retrySeconds;
    const asked = error instanceof RetryableError ? error.delaySeconds : undefined;
    return Math.min(asked ?? Math.min(min * receiveCount, max), longestVisibilitySeconds);
  }

  /** Each message counts once; a `duplicate` is acked too. */
  function count(outcome: 'ack' | 'duplicate' | 'retry' | 'reject' | 'expired' | 'postponed'): void {
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
