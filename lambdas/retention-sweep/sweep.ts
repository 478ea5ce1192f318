import type { Context, SQSRecord } from 'aws-lambda';
import pMap from 'p-map';
import type { Message } from '../../rabbitmq/message.ts';
import { labelOf } from '../../rabbitmq/plan/queue-label.ts';
import type { Claimed } from '../shared/broker/claim.ts';
import type { Source } from '../shared/consumer/sqs-source.ts';
import { deadlineOf } from '../shared/deadline.ts';
import type { TakenFrom, TakeOut } from '../shared/exceptions/take-out.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';
import type { SweptQueue } from './env.ts';

export interface SweepDeps {
  readonly source: (queue: SweptQueue) => Source;
  readonly takeOut: TakeOut;
  readonly now: () => Date;
  readonly log: Log;
}

/** Takes out what is too old. False when something of it may be left: the next run goes on. */
export type Sweep = (queue: SweptQueue, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<boolean>;

/** SQS was about to delete the message: nobody has handled it for so long. */
export class RetentionError extends Error {
  override readonly name = 'RetentionError';

  constructor({ queue, retentionSeconds, isDeadLetterQueue }: SweptQueue, sentAt: Date) {
    const where = isDeadLetterQueue ? `the dead-letter queue of ${labelOf(queue)}` : labelOf(queue);
    super(
      `sent at ${sentAt.toISOString()}, it was still in ${where} shortly before SQS deletes it, after ${retentionSeconds} s`,
    );
  }
}

/** Messages of one queue that are looked at in one run. */
export const mostMessages = 5_000;
/** Of a queue whose receives count: so many batches in a row without an old message, and it is left. SQS promises no order. */
export const mostYoungBatches = 10;
/** Kept back for what is in hand: with less time left no other batch is begun. */
const reserveMs = 10_000;
/** Those that are shown again, at a time. */
const parallelMessages = 10;

/**
 * Batch by batch: old messages are stored as exceptions, then deleted; the others stay hidden until the end, or the next batch would bring
 * them again, and are then made visible. Complete is a dead-letter queue that was looked through, and another queue, which is known to hold
 * something old, once that was found.
 */
export function createSweep({ source, takeOut, now, log }: SweepDeps): Sweep {
  return async (queue, context) => {
    const messages = source(queue);
    const deadline = deadlineOf(context);
    const left: SQSRecord[] = [];
    let takenOut = 0;
    let failures = 0;
    let youngBatches = 0;
    const isComplete = (): boolean => failures === 0 && (queue.isDeadLetterQueue || takenOut > 0);
    try {
      for (let looked = 0; looked < mostMessages && isTimeLeft(context); ) {
        // Should this function die, they come back when its time would have been over.
        const records = await messages.receive(Math.ceil(context.getRemainingTimeInMillis() / 1000));
        looked += records.length;
        const old = records.filter((record) => isOld(record, queue));
        left.push(...records.filter((record) => !old.includes(record)));
        const from = { source: messages, queue: queue.queue, endOf: endOfIn(queue) };
        const failed = await takeOut(old, from, deadline);
        left.push(...failed);
        failures += failed.length;
        takenOut += old.length - failed.length;
        youngBatches = old.length > 0 ? 0 : youngBatches + 1;
        const isRefused = old.length > 0 && failed.length === old.length;
        const isLeft = !queue.isDeadLetterQueue && youngBatches === mostYoungBatches;
        if (records.length === 0 || isRefused || isLeft) return isComplete();
      }
      log.warn('queue not swept to its end', { sqsName: queue.sqsName });
      return false;
    } finally {
      await pMap(left, (record) => messages.hide(record, 0), { concurrency: parallelMessages });
    }
  };

  function isOld({ attributes }: SQSRecord, { sweepAfterSeconds }: SweptQueue): boolean {
    return now().getTime() - Number(attributes.SentTimestamp) > sweepAfterSeconds * 1000;
  }

  function endOfIn(swept: SweptQueue): TakenFrom['endOf'] {
    return (message, { attributes }) => {
      const error = new RetentionError(swept, new Date(Number(attributes.SentTimestamp)));
      return { reason: 'retention', error, state: swept.dropsExpired && isExpired(message) ? 'recorded' : 'open' };
    };
  }

  function isExpired({ expiresAt }: Message | Claimed): boolean {
    return expiresAt !== undefined && now().getTime() >= expiresAt;
  }
}

function isTimeLeft(context: Pick<Context, 'getRemainingTimeInMillis'>): boolean {
  return context.getRemainingTimeInMillis() > reserveMs;
}
