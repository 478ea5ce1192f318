import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';
import { asked } from '../stage/asked.ts';
import type { QueueRates, ReadRates } from './stage.ts';

const metrics = {
  oldestSeconds: { name: 'ApproximateAgeOfOldestMessage', stat: 'Maximum' },
  inPerMinute: { name: 'NumberOfMessagesSent', stat: 'Sum' },
  outPerMinute: { name: 'NumberOfMessagesDeleted', stat: 'Sum' },
} as const;
type Rate = keyof typeof metrics;
const rates = Object.keys(metrics) as Rate[];

/** GetMetricData takes 500 queries (CloudWatch API reference). */
const mostQueues = Math.floor(500 / rates.length);
/** SQS writes its metrics once a minute, a few minutes late, and none of a queue that was unused for six hours (sqs-available-cloudwatch-metrics). */
const windowMs = 15 * 60_000;
const periodSeconds = 60;
/** The newest minutes that rates are the mean of. */
const minutes = 5;

/** SQS's own metrics: rates of the last five minutes that it has told of. */
export function createCloudWatchRates(client: CloudWatchClient, now: () => Date): ReadRates {
  return async (sqsNames) => {
    const found = new Map<string, QueueRates>();
    for (let from = 0; from < sqsNames.length; from += mostQueues) {
      const names = sqsNames.slice(from, from + mostQueues);
      for (const [id, values] of await valuesOf(names)) note(found, names, id, values);
    }
    return found;
  };

  /** Query id → values, newest first. */
  async function valuesOf(names: readonly string[]): Promise<ReadonlyMap<string, readonly number[]>> {
    const values = new Map<string, number[]>();
    const end = now();
    const request = {
      StartTime: new Date(end.getTime() - windowMs),
      EndTime: end,
      ScanBy: 'TimestampDescending' as const,
      MetricDataQueries: names.flatMap((name, at) => rates.map((rate) => queryOf(rate, name, at))),
    };
    await asked('cloudwatch:GetMetricData', async () => {
      for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, request)) {
        for (const { Id = '', Values = [] } of MetricDataResults satisfies MetricDataResult[])
          values.set(Id, [...(values.get(Id) ?? []), ...Values]);
      }
    });
    return values;
  }
}

/** An id begins with a small letter. */
function queryOf(rate: Rate, queue: string, at: number): MetricDataQuery {
  const { name, stat } = metrics[rate];
  return {
    Id: `${rate}_${at}`,
    MetricStat: {
      Metric: { Namespace: 'AWS/SQS', MetricName: name, Dimensions: [{ Name: 'QueueName', Value: queue }] },
      Period: periodSeconds,
      Stat: stat,
    },
  };
}

function note(found: Map<string, QueueRates>, names: readonly string[], id: string, values: readonly number[]): void {
  const [rate = '', at = ''] = id.split('_');
  const name = names[Number(at)];
  const [newest] = values;
  if (name === undefined || newest === undefined) return;
  const lately = values.slice(0, minutes);
  const mean = lately.reduce((sum, value) => sum + value, 0) / lately.length;
  found.set(name, { ...found.get(name), [rate]: rate === 'oldestSeconds' ? newest : mean });
}
