import { type CloudWatchClient, GetInsightRuleReportCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeContributorInsightsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { asked } from '../stage/asked.ts';
import type { HotKey, Insight, Insights, Place, Span } from './options.ts';

export interface ContributorInsightsDeps {
  readonly dynamoDb: DynamoDBClient;
  readonly cloudWatch: CloudWatchClient;
  /** What people call a table → its name in DynamoDB. */
  readonly tables: ReadonlyMap<string, string>;
}

/** Of one rule. A report has 100 at most (CloudWatch API reference, GetInsightRuleReport). */
const mostKeys = 10;
/** Of accessed keys, by partition key or with the sort key; throttled or not, and so no sign of trouble (DynamoDB developer guide, contributorinsights_HowItWorks). */
const ofAccessedKeys = /-[PS]KC-/;

/** CloudWatch Contributor Insights for DynamoDB: the rules that DynamoDB keeps for each table and index on which it is enabled. */
export function createContributorInsights({ dynamoDb, cloudWatch, tables }: ContributorInsightsDeps): Insights {
  return {
    async places() {
      const found: Place[] = [];
      for (const [table, TableName] of tables) {
        const { Table } = await asked(`dynamodb:DescribeTable on ${TableName}`, () =>
          dynamoDb.send(new DescribeTableCommand({ TableName })),
        );
        const indexes = Table?.GlobalSecondaryIndexes ?? [];
        found.push({ table }, ...indexes.map(({ IndexName }) => ({ table, index: IndexName })));
      }
      return found;
    },

    async look({ table, index }, span): Promise<Insight> {
      const TableName = tables.get(table) ?? table;
      const described = await asked(`dynamodb:DescribeContributorInsights on ${TableName}`, () =>
        dynamoDb.send(new DescribeContributorInsightsCommand({ TableName, IndexName: index })),
      );
      const { ContributorInsightsStatus: status = 'DISABLED', ContributorInsightsRuleList: rules = [] } = described;
      if (status === 'DISABLED') return { insights: 'off' };
      if (status !== 'ENABLED') {
        const why = described.FailureException?.ExceptionDescription;
        return { insights: 'not ready', reason: why === undefined ? status : `${status}: ${why}` };
      }
      const reports = await Promise.all(
        rules.filter((rule) => !ofAccessedKeys.test(rule)).map((rule) => reportOf(rule, span)),
      );
      return { insights: 'on', keys: reports.flat().sort((one, other) => other.throttled - one.throttled) };
    },
  };

  async function reportOf(RuleName: string, { from, to }: Span): Promise<HotKey[]> {
    const { KeyLabels = [], Contributors = [] } = await asked(`cloudwatch:GetInsightRuleReport on ${RuleName}`, () =>
      cloudWatch.send(
        new GetInsightRuleReportCommand({
          RuleName,
          StartTime: from,
          EndTime: to,
          // One number for all of it.
          Period: Math.max(60, Math.round((to.getTime() - from.getTime()) / 60_000) * 60),
          MaxContributorCount: mostKeys,
          OrderBy: 'Sum',
        }),
      ),
    );
    return Contributors.map(({ Keys = [], ApproximateAggregateValue = 0 }) => ({
      key: Object.fromEntries(Keys.map((value, at) => [KeyLabels[at] ?? `key ${at + 1}`, value])),
      throttled: Math.round(ApproximateAggregateValue),
    }));
  }
}
