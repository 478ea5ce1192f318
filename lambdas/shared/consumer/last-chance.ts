import type { SQSRecord } from 'aws-lambda';
import type { EndOfMessage, KeepMessage } from '../exceptions/message-exceptions.ts';
import { queuedOf } from '../exceptions/queued.ts';
import type { Log } from '../telemetry/telemetry.ts';
import { decodeOrShow } from './unreadable-message.ts';

export interface LastChanceDeps {
  readonly keep: KeepMessage;
  /** Age in seconds from which on a message is kept as an exception. Undefined: SQS may delete it, its retention stands for a TTL. */
  readonly keepAfterSeconds: number | undefined;
  readonly now: () => Date;
  readonly log: Log;
}

export interface ComesBack extends Pick<EndOfMessage, 'queue' | 'businessKey'> {
  readonly inSeconds: number;
  readonly error: Error;
}

/**
 * What to do with a message that is to come back to its queue when SQS may have deleted it before. Hidden, it is seen by no sweep: who has it
 * in hand is the last who can keep it. True when it is kept as an exception: it has to leave its queue. False when it has time, or could not be
 * stored: it goes back.
 */
export type KeepAtLastChance = (
  record: SQSRecord,
  comesBack: ComesBack,
  deadline: AbortSignal | undefined,
) => Promise<boolean>;

/** No queue keeps anything longer (SQS quotas, message retention): a record that claims more is a test event. */
const longestRetentionSeconds = 14 * 86_400;

export function createLastChance({ keep, keepAfterSeconds, now, log }: LastChanceDeps): KeepAtLastChance {
  return async (record, { queue, inSeconds, error, businessKey }, deadline) => {
    const ageSeconds = (now().getTime() - Number(record.attributes.SentTimestamp)) / 1000;
    if (keepAfterSeconds === undefined || ageSeconds > longestRetentionSeconds) return false;
    // Without a readable time it is no number, and compares as false.
    if (!(ageSeconds + inSeconds > keepAfterSeconds)) return false;
    try {
      await keep(
        decodeOrShow(record, queue),
        { queue, reason: 'retention', error, businessKey, state: 'open', queued: queuedOf(record, 0) },
        deadline,
      );
      return true;
    } catch (cause) {
      log.error('message could not be kept', cause, { sqsMessageId: record.messageId });
      return false;
    }
  };
}
