import type { CloudWatchClient, GetInsightRuleReportCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createContributorInsights } from '../../../../bin/warren/hot-keys/contributor-insights.ts';

const span = { from: new Date('2026-11-23T00:00:00Z'), to: new Date('2026-11-23T03:00:00Z') };

/** An AWS with one table of one index, on which insights are as they are described. */
function given(described: object, reports: Readonly<Record<string, object>> = {}) {
  const asked: GetInsightRuleReportCommand['input'][] = [];
  const dynamoDb = {
    send: async (command: unknown) =>
      command instanceof DescribeTableCommand
        ? { Table: { GlobalSecondaryIndexes: [{ IndexName: 'ByAgenda' }] } }
        : described,
  } as unknown as DynamoDBClient;
  const cloudWatch = {
    async send({ input }: GetInsightRuleReportCommand) {
      asked.push(input);
      return reports[input.RuleName ?? ''] ?? {};
    },
  } as unknown as CloudWatchClient;
  const tables = new Map([['Orders', 'warren-prod-stateful-Orders-1']]);
  return { asked, ...createContributorInsights({ dynamoDb, cloudWatch, tables }) };
}

describe('Contributor Insights', () => {
  it('tell of each table and of each of its indexes', async () => {
    expect(await given({}).places()).toEqual([{ table: 'Orders' }, { table: 'Orders', index: 'ByAgenda' }]);
  });

  it('name the throttled keys, the most throttled first, by one number for all the time', async () => {
    const { look, asked } = given(
      {
        ContributorInsightsStatus: 'ENABLED',
        ContributorInsightsRuleList: ['X-PKC-t-1', 'X-PKT-t-1', 'X-SKC-t-1', 'X-SKT-t-1'],
      },
      {
        'X-PKT-t-1': { KeyLabels: ['a'], Contributors: [{ Keys: ['1'], ApproximateAggregateValue: 4.6 }] },
        'X-SKT-t-1': {
          KeyLabels: ['a', 'b'],
          Contributors: [{ Keys: ['1', '2'], ApproximateAggregateValue: 9 }],
        },
      },
    );

    expect(await look({ table: 'Orders' }, span)).toEqual({
      insights: 'on',
      keys: [
        { key: { a: '1', b: '2' }, throttled: 9 },
        { key: { a: '1' }, throttled: 5 },
      ],
    });
    expect(asked.map(({ RuleName, Period }) => [RuleName, Period])).toEqual([
      ['X-PKT-t-1', 10_800],
      ['X-SKT-t-1', 10_800],
    ]);
  });

  it.each([
    [{}, { insights: 'off' }],
    [{ ContributorInsightsStatus: 'DISABLED' }, { insights: 'off' }],
    [{ ContributorInsightsStatus: 'ENABLING' }, { insights: 'not ready', reason: 'ENABLING' }],
    [
      { ContributorInsightsStatus: 'FAILED', FailureException: { ExceptionDescription: 'too many rules' } },
      { insights: 'not ready', reason: 'FAILED: too many rules' },
    ],
  ])('that are described as %j are %j', async (described, insight) => {
    expect(await given(described).look({ table: 'Orders', index: 'ByAgenda' }, span)).toEqual(insight);
  });
});
