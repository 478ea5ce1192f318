import type { SQSRecord } from 'aws-lambda';
import pMap from 'p-map';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Claimed } from '../broker/claim.ts';
import type { Source } from '../consumer/sqs-source.ts';
import { decodeOrShow } from '../consumer/unreadable-message.ts';
import { isMarker } from '../partitions/stamp.ts';
import type { Log } from '../telemetry/telemetry.ts';
import type { EndOfMessage, KeepMessage } from './message-exceptions.ts';
import { queuedOf } from './queued.ts';

export interface TakenFrom {
  readonly source: Pick<Source, 'remove'>;
  readonly queue: EndOfMessage['queue'];
  /** What to say of each. */
  readonly endOf: (
    message: Message | Claimed,
    record: SQSRecord,
  ) => Pick<EndOfMessage, 'reason' | 'error' | 'state' | 'operator'>;
}

/** Moves received messages from their queue into the exceptions table. Answers those that stay: they could not be stored, or not be deleted. */
export type TakeOut = (
  records: readonly SQSRecord[],
  from: TakenFrom,
  deadline: AbortSignal | undefined,
) => Promise<SQSRecord[]>;

/** Those of a batch, at a time. */
const parallelMessages = 10;

/** Each is stored before it is deleted: after a crash in between it is in both, and the same row again when it is received again. */
export function createTakeOut({ keep, log }: { readonly keep: KeepMessage; readonly log: Log }): TakeOut {
  return async (records, from, deadline) => {
    const stay = await pMap(
      records,
      async (record) => {
        try {
          if (!isMarker(record)) await keepRecord(record, from, deadline);
          await from.source.remove(record, deadline);
          return [];
        } catch (error) {
          log.error('message stays in its queue', error, { queue: from.queue.name, sqsMessageId: record.messageId });
          return [record];
        }
      },
      { concurrency: parallelMessages },
    );
    return stay.flat();
  };

  /** As it came: an exception holds the envelope and the body, wherever that lies. */
  async function keepRecord(record: SQSRecord, { queue, endOf }: TakenFrom, deadline: AbortSignal | undefined) {
    const message = decodeOrShow(record, queue);
    await keep(message, { ...endOf(message, record), queue, queued: queuedOf(record, 1) }, deadline);
  }
}
