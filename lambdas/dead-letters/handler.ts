import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Message } from '../../rabbitmq/message.ts';
import type { Queue } from '../../rabbitmq/topology.ts';
import { BodyCorruptError, BodyMissingError, type Claimed } from '../shared/broker/claim.ts';
import { type Claims, withBody } from '../shared/broker/claim-check.ts';
import type { Bury } from '../shared/consumer/burial.ts';
import { asError } from '../shared/consumer/errors.ts';
import type { KeepAtLastChance } from '../shared/consumer/last-chance.ts';
import type { ResolveReplay } from '../shared/consumer/resolve-replay.ts';
import { decodeOrShow } from '../shared/consumer/unreadable-message.ts';
import { deadlineOf } from '../shared/deadline.ts';
import { queuedOf } from '../shared/exceptions/queued.ts';
import { isMarker } from '../shared/partitions/stamp.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';

export interface HandlerDeps {
  /** The queue whose dead-letter queue that is. */
  readonly queueOf: (deadLetterQueueArn: string) => Queue | undefined;
  readonly bury: Bury;
  readonly keepAtLastChance: KeepAtLastChance;
  readonly resolveReplay: ResolveReplay;
  readonly claims: Pick<Claims, 'fetch'>;
  readonly log: Log;
  readonly meter: Meter;
}

/** SQS gave the message up: its consumer was handed it again and again, and never said what it had against it. */
export class NeverFinishedError extends Error {
  override readonly name = 'NeverFinishedError';

  constructor({ name }: Queue) {
    super(
      `the consumer of '${name}' crashed, ran out of time or could not be told of, each time it was handed the message`,
    );
  }
}

/** A dead-letter queue of no queue that this version of the topology has. */
export class StrangeQueueError extends Error {
  override readonly name = 'StrangeQueueError';

  constructor(arn: string) {
    super(`${arn} is not the dead-letter queue of a queue of the topology`);
  }
}

/** SQS's dead-letter queues → the dead-letter exchange, or the exceptions table. At least once; what is not stored there stays. */
export function createHandler({ queueOf, bury, keepAtLastChance, resolveReplay, claims, log, meter }: HandlerDeps) {
  const processor = new BatchProcessor(EventType.SQS);

  async function handleRecord(record: SQSRecord, deadline: AbortSignal): Promise<void> {
    const queue = queueOf(record.eventSourceARN);
    if (!queue) throw new StrangeQueueError(record.eventSourceARN);
    if (isMarker(record)) return;
    const { message, error } = await read(record, queue);
    const where = await bury(
      message,
      { queue, reason: 'delivery_limit', error, queued: queuedOf(record, 0) },
      deadline,
    );
    if (where === 'dead-lettered') await resolveReplay(message);
    // By queue for whoever looks, and without for the alarm.
    meter.count('MessagesNeverFinished', { queue: queue.name });
    meter.count('MessagesNeverFinished');
    log.warn('message is dead', { eventId: message.properties.message_id, queue: queue.name, where });
  }

  /** Tried again and again it is hidden all the time: no sweep would find it before SQS deletes it. */
  async function isKept(record: SQSRecord, cause: unknown, deadline: AbortSignal): Promise<boolean> {
    const queue = queueOf(record.eventSourceARN);
    return (
      queue !== undefined && (await keepAtLastChance(record, { queue, inSeconds: 0, error: asError(cause) }, deadline))
    );
  }

  /** With what there is to say against it. A body that is gone does not come back: what is left of the message is an exception. */
  async function read(record: SQSRecord, queue: Queue): Promise<{ message: Message | Claimed; error: Error }> {
    const decoded = decodeOrShow(record, queue);
    try {
      return { message: await withBody(decoded, claims), error: new NeverFinishedError(queue) };
    } catch (error) {
      if (error instanceof BodyMissingError || error instanceof BodyCorruptError) return { message: decoded, error };
      throw error;
    }
  }

  return (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deadline = deadlineOf(context);
    return processPartialResponse(
      event,
      async (record: SQSRecord) => {
        try {
          await handleRecord(record, deadline);
        } catch (error) {
          if (await isKept(record, error, deadline)) return;
          log.error('message stays in the dead-letter queue', error, { sqsMessageId: record.messageId });
          throw error;
        }
      },
      processor,
      { context, throwOnFullBatchFailure: false },
    );
  };
}
