import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Resumer } from '../shared/broker/broker.ts';
import { type Claims, withBody } from '../shared/broker/claim-check.ts';
import { decodeWaiting } from '../shared/broker/waiting.ts';
import { deadlineOf } from '../shared/deadline.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';

export interface HandlerDeps {
  readonly broker: Resumer;
  readonly claims: Pick<Claims, 'fetch'>;
  readonly log: Log;
  readonly meter: Meter;
}

/** A message whose time has come was not stored in every queue it is for. It stays, and is tried again. */
export class NotSentOnError extends Error {
  override readonly name = 'NotSentOnError';

  constructor(eventId: string, reason: string) {
    super(`message ${eventId} is due and not sent on: ${reason}`);
  }
}

/** Messages that have waited → broker. At least once, with the event id they were published with. */
export function createHandler({ broker, claims, log, meter }: HandlerDeps) {
  const processor = new BatchProcessor(EventType.SQS);

  async function handleRecord(record: SQSRecord, deadline: AbortSignal): Promise<void> {
    const waiting = decodeWaiting(record.body, record.messageId);
    const message = await withBody(waiting.message, claims);
    const eventId = message.properties.message_id;
    const { confirm, queues } = await broker.resume({ ...waiting, message }, deadline);
    const outcome = queues.length === 0 ? 'unroutable' : confirm;
    meter.count('DelayedMessages', { outcome });
    // It had a queue when it was taken. RabbitMQ would drop it now; here it goes to the dead-letter queue, for a person.
    if (outcome === 'unroutable') throw new NotSentOnError(eventId, 'no queue is bound for it any more');
    if (outcome !== 'ack') throw new NotSentOnError(eventId, outcome);
    log.info('message sent on', { eventId, queues: queues.length });
  }

  return (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const deadline = deadlineOf(context);
    return processPartialResponse(
      event,
      async (record: SQSRecord) => {
        try {
          await handleRecord(record, deadline);
        } catch (error) {
          log.error('message will be tried again', error);
          throw error;
        }
      },
      processor,
      { context, throwOnFullBatchFailure: false },
    );
  };
}
