import {
  CloudWatchClient,
  type GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import { createCloudWatchRates } from '../../../../bin/warren/backlog/cloudwatch-rates.ts';
import { UsageError } from '../../../../bin/warren/io.ts';

const now = new Date('2026-11-27T03:00:00Z');

/** CloudWatch as far as GetMetricData goes: a real client, whose one call is answered here. */
function given(answer: (input: GetMetricDataCommandInput) => Partial<GetMetricDataCommandOutput>) {
  const calls: GetMetricDataCommandInput[] = [];
  const client = new CloudWatchClient({ region: 'eu-west-1' });
  client.send = (async ({ input }: GetMetricDataCommand) => {
    calls.push(input);
    return { $metadata: {}, ...answer(input) };
  }) as unknown as CloudWatchClient['send'];
  return { calls, read: createCloudWatchRates(client, () => now) };
}

/** As CloudWatch would answer of each metric: newest first. */
function answerOf(values: Readonly<Record<string, readonly number[]>>) {
  return ({ MetricDataQueries = [] }: GetMetricDataCommandInput) => ({
    MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => {
      const { Dimensions: [queue] = [], MetricName } = MetricStat?.Metric ?? {};
      return { Id, Values: [...(values[`${queue?.Value} ${MetricName}`] ?? [])] };
    }),
  });
}

describe('the rates of queues', () => {
  it('are the newest age, and the mean of the last five minutes that are known', async () => {
    const { read, calls } = given(
      answerOf({
        'orders ApproximateAgeOfOldestMessage': [90, 30],
        'orders NumberOfMessagesSent': [10, 20, 30, 40, 50, 9_999],
        'orders NumberOfMessagesDeleted': [6],
      }),
    );

    const rates = await read(['idle', 'orders']);

    expect([...rates]).toEqual([['orders', { oldestSeconds: 90, inPerMinute: 30, outPerMinute: 6 }]]);
    expect(calls).toMatchObject([{ ScanBy: 'TimestampDescending', EndTime: now }]);
  });

  it('are put together from several pages', async () => {
    const { read } = given(({ NextToken }) => ({
      MetricDataResults: [{ Id: 'inPerMinute_0', Values: NextToken ? [20] : [40] }],
      ...(NextToken ? {} : { NextToken: 'more' }),
    }));

    expect((await read(['orders'])).get('orders')).toEqual({ inPerMinute: 30 });
  });

  it('are asked for no more than 500 queries at a time', async () => {
    const names = Array.from({ length: 400 }, (_, at) => `q-${at}`);
    const { read, calls } = given(answerOf({ 'q-399 NumberOfMessagesSent': [7] }));

    expect((await read(names)).get('q-399')).toEqual({ inPerMinute: 7 });
    expect(calls.map(({ MetricDataQueries }) => MetricDataQueries?.length)).toEqual([498, 498, 204]);
  });

  it('are a refusal that says which right is missing', async () => {
    const { read } = given(() => {
      throw Object.assign(new Error('not authorized'), { name: 'AccessDenied' });
    });

    await expect(read(['orders'])).rejects.toThrow(UsageError);
    await expect(read(['orders'])).rejects.toThrow('may not cloudwatch:GetMetricData');
  });
});
