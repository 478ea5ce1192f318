import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { stageOutputs } from '../stage/stage-outputs.ts';
import { createContributorInsights } from './contributor-insights.ts';
import type { HotKeysDeps } from './options.ts';

/** The real one. Loaded only when a stage is looked at: the AWS SDK takes longer to load than other commands to run. */
export const world: HotKeysDeps = {
  async reach(stage) {
    const { config, all } = await stageOutputs(stage);
    return createContributorInsights({
      dynamoDb: new DynamoDBClient(config),
      cloudWatch: new CloudWatchClient(config),
      tables: tablesOf(all),
    });
  },
  now: () => new Date(),
};

/** By the outputs that name them: `OrdersTable` is the table `Orders`. */
function tablesOf(outputs: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(outputs).flatMap(([output, name]) => {
      const table = /^(.+)Table$/.exec(output)?.[1];
      return table === undefined ? [] : [[table, name] as const];
    }),
  );
}
