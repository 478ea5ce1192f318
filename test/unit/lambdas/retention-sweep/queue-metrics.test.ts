import type {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchClient as RealClient } from '@aws-sdk/client-cloudwatch';
import { createCloudWatchMetrics, MetricUnknownError } from '../../../../lambdas/retention-sweep/queue-metrics.ts';
import { now, rejectionOf } from '../builders.ts';

type Answer = Partial<GetMetricDataCommandOutput>;

/** CloudWatch as far as GetMetricData goes: a real client, whose one call is answered here. */
function given(answer: (input: GetMetricDataCommandInput) => Answer) {
  const calls: GetMetricDataCommandInput[] = [];
  const client: CloudWatchClient = new RealClient({ region: 'eu-west-1' });
  client.send = (async ({ input }: GetMetricDataCommand) => {
    calls.push(input);
    return { $metadata: {}, ...answer(input) };
  }) as unknown as CloudWatchClient['send'];
  return { calls, metrics: createCloudWatchMetrics(client, () => now) };
}

const nameIn = (input: GetMetricDataCommandInput, at: number) =>
  input.MetricDataQueries?.[at]?.MetricStat?.Metric?.Dimensions?.[0]?.Value;

describe('the metrics of queues', () => {
  it('are asked for 500 queues at a time, and come back by name', async () => {
    const names = Array.from({ length: 1_001 }, (_, at) => `warren-prod-${at}`);
    const { calls, metrics } = given(({ MetricDataQueries = [] }) => ({
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => ({
        Id,
        Values: [Number(MetricStat?.Metric?.Dimensions?.[0]?.Value?.split('-')[2])],
      })),
    }));

    const newest = await metrics.newest('ApproximateAgeOfOldestMessage', names);

    expect(calls.map(({ MetricDataQueries }) => MetricDataQueries?.length)).toEqual([500, 500, 1]);
    expect([...newest]).toEqual(names.map((name, at) => [name, at]));
    const queries = calls.flatMap(({ MetricDataQueries = [] }) => MetricDataQueries);
    expect(queries.every(({ MetricStat }) => MetricStat?.Metric?.MetricName === 'ApproximateAgeOfOldestMessage')).toBe(
      true,
    );
  });

  it('are the newest values, whatever page they come on; a queue without any is left out', async () => {
    const { calls, metrics } = given((input) =>
      input.NextToken
        ? {
            MetricDataResults: [
              { Id: 'q0', Values: [1] },
              { Id: 'q1', Values: [7] },
            ],
          }
        : {
            NextToken: 'more',
            MetricDataResults: [
              { Id: 'q0', Values: [9, 2], StatusCode: 'PartialData' },
              { Id: 'q1', Values: [], StatusCode: 'PartialData' },
              { Id: 'q2', Values: [] },
            ],
          },
    );

    const newest = await metrics.newest('ApproximateNumberOfMessagesVisible', ['a', 'b', 'c']);

    expect(Object.fromEntries(newest)).toEqual({ a: 9, b: 7 });
    expect(calls).toHaveLength(2);
    expect(nameIn(calls[0] ?? { MetricDataQueries: [], StartTime: now, EndTime: now }, 1)).toBe('b');
    expect(calls[0]).toMatchObject({ ScanBy: 'TimestampDescending', EndTime: now });
  });

  it('are an error, not a silence, when CloudWatch cannot tell one of them', async () => {
    const { metrics } = given(() => ({ MetricDataResults: [{ Id: 'q0', StatusCode: 'InternalError', Values: [] }] }));

    expect(await rejectionOf(metrics.newest('ApproximateAgeOfOldestMessage', ['a']))).toBeInstanceOf(
      MetricUnknownError,
    );
  });

  it('are not asked for where there are no queues', async () => {
    const { calls, metrics } = given(() => ({}));

    expect((await metrics.newest('ApproximateAgeOfOldestMessage', [])).size).toBe(0);
    expect(calls).toEqual([]);
  });
});
