import type { SweptQueue } from '../../../../lambdas/retention-sweep/env.ts';
import { createHandler, SweepIncompleteError } from '../../../../lambdas/retention-sweep/handler.ts';
import type { QueueMetric, QueueMetrics } from '../../../../lambdas/retention-sweep/queue-metrics.ts';
import type { Sweep } from '../../../../lambdas/retention-sweep/sweep.ts';
import { lambdaContext, rejectionOf, silentLog } from '../builders.ts';

const day = 86_400;

function swept(sqsName: string, changes: Partial<SweptQueue> = {}): SweptQueue {
  const queue = { vhost: '/', name: sqsName };
  const times = { retentionSeconds: 4 * day, sweepAfterSeconds: 3 * day };
  return { sqsName, queue, ...times, isDeadLetterQueue: false, dropsExpired: true, ...changes };
}

const queues = [
  swept('work'),
  swept('parked', { retentionSeconds: 13 * day, sweepAfterSeconds: 12 * day }),
  swept('work-dlq', { isDeadLetterQueue: true, retentionSeconds: 14 * day, sweepAfterSeconds: 13 * day }),
];

/** The names of queues that are swept when CloudWatch says this. */
async function sweptWhen(
  known: Partial<Record<QueueMetric, Readonly<Record<string, number>>>>,
  sweep: Sweep = async () => true,
): Promise<string[]> {
  const names: string[] = [];
  const metrics: QueueMetrics = {
    newest: async (metric, asked) =>
      new Map(Object.entries(known[metric] ?? {}).filter(([sqsName]) => asked.includes(sqsName))),
  };
  const noting: Sweep = (queue, context) => {
    names.push(queue.sqsName);
    return sweep(queue, context);
  };
  await createHandler({ queues, metrics, sweep: noting, random: () => 0, log: silentLog })({}, lambdaContext());
  return names;
}

describe('a queue is swept', () => {
  it('when its oldest message is older than its own retention allows', async () => {
    const age = (work: number, parked: number) => ({ ApproximateAgeOfOldestMessage: { work, parked } });

    expect(await sweptWhen(age(3 * day, 12 * day))).toEqual([]);
    expect(await sweptWhen(age(3 * day + 1, 12 * day))).toEqual(['work']);
    expect(await sweptWhen(age(0, 12 * day + 1))).toEqual(['parked']);
  });

  it('as long as it holds anything, if it is a dead-letter queue: its age counts from the move', async () => {
    expect(await sweptWhen({ ApproximateNumberOfMessagesVisible: { 'work-dlq': 1, work: 9 } })).toEqual(['work-dlq']);
    expect(await sweptWhen({ ApproximateNumberOfMessagesVisible: { 'work-dlq': 0 } })).toEqual([]);
    expect(await sweptWhen({ ApproximateNumberOfMessagesNotVisible: { 'work-dlq': 1 } })).toEqual(['work-dlq']);
  });

  it('not at all when CloudWatch knows nothing of it, as a local AWS does not', async () => {
    expect(await sweptWhen({})).toEqual([]);
  });
});

describe('a run', () => {
  const all = { work: 99 * day, parked: 99 * day };

  it.each<[string, Sweep]>([
    ['is left with something', async ({ sqsName }) => sqsName !== 'work'],
    ['does not answer', async ({ sqsName }) => (sqsName === 'work' ? Promise.reject(new Error('SQS')) : true)],
  ])('sweeps the others when one queue %s, and ends in an error that names it', async (_, sweep) => {
    const seen: string[] = [];
    const noting: Sweep = (queue, context) => {
      seen.push(queue.sqsName);
      return sweep(queue, context);
    };

    const error = await rejectionOf(sweptWhen({ ApproximateAgeOfOldestMessage: all }, noting));

    expect(error).toBeInstanceOf(SweepIncompleteError);
    expect(String(error)).toContain('work');
    expect(String(error)).not.toContain('parked');
    expect(seen.sort()).toEqual(['parked', 'work']);
  });

  it('ends in an error when CloudWatch does not answer', async () => {
    const metrics: QueueMetrics = { newest: () => Promise.reject(new Error('throttled')) };
    const handler = createHandler({ queues, metrics, sweep: async () => true, random: () => 0, log: silentLog });

    expect(await rejectionOf(handler({}, lambdaContext()))).toEqual(new Error('throttled'));
  });
});
