import type { SQSRecord } from 'aws-lambda';
import { isOverDeliveryLimit } from '../../../rabbitmq/dead-lettering/delivery-limit.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { queuedOf } from '../exceptions/queued.ts';
import { isMarker } from '../partitions/stamp.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import type { Attempt } from './attempt.ts';
import type { Bury, EndReason } from './burial.ts';
import { asError, ExpiredError, PermanentError, RetryableError } from './errors.ts';
import { countedUnder, type Failures } from './failures.ts';
import type { KeepAtLastChance } from './last-chance.ts';
import type { ResolveReplay } from './resolve-replay.ts';
import { type RetrySeconds, retryDelaySeconds } from './retry-delay.ts';
import { unreadableMessage } from './unreadable-message.ts';

/** What can be done with a received message by its receipt. */
export interface Receipts {
  /**
   * Hides it for a while. MUST NOT throw when the receipt is no longer valid, or when the deadline comes first: the message then comes back by
   * itself.
   */
  hide(record: SQSRecord, seconds: number, deadline?: AbortSignal): Promise<void>;
  /** Takes it out of its queue for good. MUST throw when it may still be there. */
  remove(record: SQSRecord, deadline?: AbortSignal): Promise<void>;
  /** Puts it into its queue once more, as it is, as if it had never been received. MUST throw unless it is stored. */
  sendAnew(record: SQSRecord, deadline?: AbortSignal): Promise<void>;
}

export interface SettlementDeps {
  readonly queue: Queue;
  readonly dialect: Dialect;
  readonly bury: Bury;
  readonly keepAtLastChance: KeepAtLastChance;
  readonly resolveReplay: ResolveReplay;
  readonly failures: Pick<Failures, 'add' | 'forget'>;
  /** N: a message whose handling has failed N + 1 times is dead (rule 4.8.6). */
  readonly deliveryLimit: number;
  readonly receipts: Pick<Receipts, 'hide' | 'sendAnew'>;
  /** With so many receives SQS moves a message to the dead-letter queue. */
  readonly maxReceives: number;
  readonly retrySeconds: RetrySeconds;
  readonly meter: Meter;
}

/**
 * Each message counts once; a `duplicate` is acked too. `lost`: auto-acked, and its handling failed. `retention`: it would have come back when
 * SQS may have deleted it. `anew`: postponed at its last receive, it was put into its queue once more. `held`: its consumer's circuit is open.
 */
export type Outcome =
  | 'ack'
  | 'duplicate'
  | 'retry'
  | 'postponed'
  | 'held'
  | 'anew'
  | 'behind'
  | 'lost'
  | 'retention'
  | EndReason;

/** What becomes of a delivery: ack (return), retry (throw), or the end (buried, then acked). */
export interface Settlement {
  count(outcome: Outcome): void;
  /**
   * It is not begun with, and goes back: at once when there was no time for it, for a minute while the circuit is open, each time
   * longer, up to a minute, while its key waits for another partition. At its last receive it is
   * sent anew, or it would die without ever having been handled; one that waits for another partition is kept as an exception when it
   * would come back too late. Throws what it goes back for.
   */
  postpone(attempt: Attempt, why: 'late' | 'circuit' | 'partition', deadline: AbortSignal | undefined): Promise<void>;
  /** A repeat's effect is there already. */
  ack(attempt: Attempt, outcome: 'ack' | 'duplicate'): Promise<void>;
  /** Returns when nothing of the message is left to do here: it is buried, or was gone before. Throws what it is to be retried for. */
  fail(attempt: Attempt, error: unknown, deadline: AbortSignal | undefined): Promise<void>;
}

const postponed = {
  late: {
    secondsAt: () => 0,
    outcome: 'postponed',
    why: 'too little of the function’s time is left to start this record',
  },
  // By then nobody takes messages any more, or all is well again.
  circuit: { secondsAt: () => 60, outcome: 'held', why: 'the circuit is open: what the handler needs is down' },
  // Most wait for a few seconds; no longer than a minute, which it may be in vain. lib/partitions.ts says how long all of them are.
  partition: {
    secondsAt: (receiveCount: number) => Math.min(2 * receiveCount, 60),
    outcome: 'postponed',
    why: 'its key has moved here, and is not handled yet where it was',
  },
} as const;

export function createSettlement(deps: SettlementDeps): Settlement {
  return {
    count,
    async postpone(attempt, cause, deadline) {
      const { record, receiveCount, log } = attempt;
      const { secondsAt, outcome, why } = postponed[cause];
      const seconds = secondsAt(receiveCount);
      // A FIFO queue would have it behind what came after it.
      if (receiveCount >= deps.maxReceives && !deps.queue.singleActiveConsumer) {
        await deps.receipts.sendAnew(record, deadline);
        count('anew');
        log.warn('message sent anew', { why });
        return;
      }
      const error = new RetryableError(why);
      // It may wait for hours, hidden from the sweep. A marker is nobody's message: the command sends it again.
      const mayBeTooLate = cause === 'partition' && !isMarker(record);
      if (mayBeTooLate && (await keptAtLastChance(attempt, error, seconds, deadline))) return;
      await deps.receipts.hide(record, seconds, deadline);
      count(outcome);
      throw error;
    },
    async ack(attempt, outcome) {
      count(outcome);
      attempt.log.info('message acked', { duplicate: outcome === 'duplicate' });
      if (attempt.message) await resolveReplay(attempt.message, attempt.log);
    },
    async fail(attempt, error, deadline) {
      if (attempt.hasLeft) {
        count('lost');
        attempt.log.error('message was acked before it failed', error);
        return;
      }
      const failed = attempt.hasFailed && !(error instanceof PermanentError) ? await addFailure(attempt) : undefined;
      const reason = endReasonOf(error, failed);
      if (reason && (await end(attempt, { reason, error: asError(error) }, deadline))) return;
      // One that is over, and could not be buried, waits for that only.
      const counted = { failed: reason ? undefined : failed, times: failed ?? attempt.receiveCount };
      const seconds = retryDelaySeconds(error, counted, deps.retrySeconds);
      if (await keptAtLastChance(attempt, asError(error), seconds, deadline)) return;
      await deps.receipts.hide(attempt.record, seconds, deadline);
      count('retry');
      attempt.log.error('message will be retried', error);
      throw error;
    },
  };

  function count(outcome: Outcome): void {
    deps.meter.count('MessagesHandled', { queue: deps.queue.name, outcome });
  }

  /** Undefined when it cannot be counted: SQS still counts receives, and ends the message after more of them. */
  async function addFailure({ message, log }: Attempt): Promise<number | undefined> {
    try {
      return message && (await deps.failures.add(countedUnder(message)));
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
  async function end(
    { record, message, businessKey, log }: Attempt,
    { reason, error }: { readonly reason: EndReason; readonly error: Error },
    deadline: AbortSignal | undefined,
  ): Promise<boolean> {
    const whole = message ?? unreadableMessage(record, deps.queue);
    try {
      const where = await deps.bury(
        whole,
        { queue: deps.queue, reason, error, businessKey, queued: queuedOf(record, 0) },
        deadline,
      );
      count(reason);
      if (where === 'dead-lettered') await resolveReplay(whole, log);
      if (reason === 'expired') log.info('message expired', { where });
      else log.error('message is dead', error, { reason, where });
    } catch (cause) {
      log.error('message could not be buried', cause, { reason });
      return false;
    }
    await forgetFailures(whole, log);
    return true;
  }

  async function keptAtLastChance(
    { record, message, businessKey, log }: Attempt,
    error: Error,
    inSeconds: number,
    deadline: AbortSignal | undefined,
  ): Promise<boolean> {
    if (!(await deps.keepAtLastChance(record, { queue: deps.queue, inSeconds, error, businessKey }, deadline)))
      return false;
    count('retention');
    log.error('message had no time left for another try', error);
    await forgetFailures(message ?? unreadableMessage(record, deps.queue), log);
    return true;
  }

  /** One that cannot be told stays `replaying`: the message is safe, and a person sees the row. */
  async function resolveReplay(message: Message, log: Log): Promise<void> {
    try {
      await deps.resolveReplay(message);
    } catch (error) {
      log.error('exception not resolved', error);
    }
  }

  /** Published again under its event id, it starts anew. */
  async function forgetFailures(message: Pick<Message, 'properties' | 'headers'>, log: Log): Promise<void> {
    try {
      await deps.failures.forget(countedUnder(message));
    } catch (error) {
      log.error('failures not forgotten', error);
    }
  }
}
