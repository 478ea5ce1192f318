import type { Context } from 'aws-lambda';
import pMap from 'p-map';
import type { Log } from '../shared/telemetry/telemetry.ts';
import type { SweptQueue } from './env.ts';
import type { QueueMetrics } from './queue-metrics.ts';
import type { Sweep } from './sweep.ts';

export interface HandlerDeps {
  readonly queues: readonly SweptQueue[];
  readonly metrics: QueueMetrics;
  readonly sweep: Sweep;
  /** At least 0, below 1: in which order queues are swept. */
  readonly random: () => number;
  readonly log: Log;
}

/** Messages that are too old may be left in these queues; the next run tries again. */
export class SweepIncompleteError extends Error {
  override readonly name = 'SweepIncompleteError';

  constructor(sqsNames: readonly string[]) {
    super(`not swept to the end: ${sqsNames.join(', ')}`);
  }
}

/** Queues at a time: bounds sockets. */
const parallelQueues = 4;

/** Once an hour: what SQS would soon delete becomes an exception. Queues of which nothing is known, or nothing old, are not touched. */
export function createHandler({ queues, metrics, sweep, random, log }: HandlerDeps) {
  return async (_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<void> => {
    const incomplete: string[] = [];
    await pMap(
      shuffled([...(await holdingOld()), ...(await deadLetterQueuesInUse())]),
      async (queue) => {
        if (!(await isSwept(queue, context))) incomplete.push(queue.sqsName);
      },
      { concurrency: parallelQueues },
    );
    if (incomplete.length > 0) throw new SweepIncompleteError(incomplete);
  };

  async function holdingOld(): Promise<SweptQueue[]> {
    const sources = queues.filter(({ isDeadLetterQueue }) => !isDeadLetterQueue);
    const ages = await metrics.newest('ApproximateAgeOfOldestMessage', sources.map(nameOf));
    return sources.filter(({ sqsName, sweepAfterSeconds }) => (ages.get(sqsName) ?? 0) > sweepAfterSeconds);
  }

  /** By what they hold: their age counts from the move into them, and SQS's retention from the first send. */
  async function deadLetterQueuesInUse(): Promise<SweptQueue[]> {
    const deadLetterQueues = queues.filter(({ isDeadLetterQueue }) => isDeadLetterQueue);
    const names = deadLetterQueues.map(nameOf);
    const visible = await metrics.newest('ApproximateNumberOfMessagesVisible', names);
    const inFlight = await metrics.newest('ApproximateNumberOfMessagesNotVisible', names);
    return deadLetterQueues.filter(({ sqsName }) => (visible.get(sqsName) ?? 0) + (inFlight.get(sqsName) ?? 0) > 0);
  }

  /** Those that take all the time of one run are not in front again in the next. */
  function shuffled(all: readonly SweptQueue[]): SweptQueue[] {
    const places = new Map(all.map((queue) => [queue, random()]));
    return all.toSorted((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
  }

  /** One queue's trouble is not another's. */
  async function isSwept(queue: SweptQueue, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<boolean> {
    try {
      return await sweep(queue, context);
    } catch (error) {
      log.error('queue not swept', error, { sqsName: queue.sqsName });
      return false;
    }
  }
}

const nameOf = ({ sqsName }: SweptQueue): string => sqsName;
