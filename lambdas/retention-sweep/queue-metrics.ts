import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from '@aws-sdk/client-cloudwatch';

/** Seconds, and messages. */
export type QueueMetric =
  | 'ApproximateAgeOfOldestMessage'
  | 'ApproximateNumberOfMessagesVisible'
  | 'ApproximateNumberOfMessagesNotVisible';

/**
 * What is known of queues from outside. An implementation MUST answer the newest value of each queue, MUST leave out those of which nothing
 * is known lately, and MUST throw when it could not ask about all of them.
 */
export interface QueueMetrics {
  newest(metric: QueueMetric, sqsNames: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** An answer that says nothing of some queues because it failed. */
export class MetricUnknownError extends Error {
  override readonly name = 'MetricUnknownError';

  constructor(metric: QueueMetric, statusCode: string) {
    super(`CloudWatch does not tell ${metric}: ${statusCode}`);
  }
}

/** GetMetricData (CloudWatch API reference). */
const mostQueriesPerCall = 500;
/** SQS writes its metrics once a minute, a few minutes late, and none of a queue that was empty and unused for six hours (sqs-available-cloudwatch-metrics). */
const windowMs = 30 * 60_000;
const periodSeconds = 300;

/** SQS's own metrics. A local AWS that has none knows nothing of any queue. */
export function createCloudWatchMetrics(client: CloudWatchClient, now: () => Date): QueueMetrics {
  return {
    async newest(metric, sqsNames) {
      const newest = new Map<string, number>();
      for (let from = 0; from < sqsNames.length; from += mostQueriesPerCall) {
        const names = sqsNames.slice(from, from + mostQueriesPerCall);
        for await (const { MetricDataResults = [] } of ask(metric, names)) {
          for (const result of MetricDataResults) note(newest, names, metric, result);
        }
      }
      return newest;
    },
  };

  function ask(metric: QueueMetric, names: readonly string[]) {
    const end = now();
    return paginateGetMetricData(
      { client },
      {
        StartTime: new Date(end.getTime() - windowMs),
        EndTime: end,
        ScanBy: 'TimestampDescending',
        MetricDataQueries: names.map((name, at) => queryOf(metric, name, `${idPrefix}${at}`)),
      },
    );
  }
}

/** An id begins with a small letter. */
const idPrefix = 'q';

function queryOf(metric: QueueMetric, name: string, Id: string): MetricDataQuery {
  return {
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/SQS', MetricName: metric, Dimensions: [{ Name: 'QueueName', Value: name }] },
      Period: periodSeconds,
      Stat: 'Maximum',
    },
  };
}

/** Newest first, over all pages: what is known already is newer. */
function note(
  newest: Map<string, number>,
  names: readonly string[],
  metric: QueueMetric,
  { Id = '', StatusCode = 'Complete', Values: [value] = [] }: MetricDataResult,
): void {
  if (StatusCode !== 'Complete' && StatusCode !== 'PartialData') throw new MetricUnknownError(metric, StatusCode);
  const name = names[Number(Id.slice(idPrefix.length))];
  if (name !== undefined && value !== undefined && !newest.has(name)) newest.set(name, value);
}
