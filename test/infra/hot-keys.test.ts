import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

const resourcesOf = (stage: 'dev' | 'prod') =>
  synthesise(warrenApp(stage)).flatMap(({ template }) => resourcesIn(template));
const prod = resourcesOf('prod');
const tables = ofType(prod, 'AWS::DynamoDB::GlobalTable');
const throttledKeys = { Enabled: true, Mode: 'THROTTLED_KEYS' };

interface Replica {
  readonly ContributorInsightsSpecification?: object;
  readonly GlobalSecondaryIndexes?: readonly { IndexName: string; ContributorInsightsSpecification?: object }[];
}

/** What tells its hot keys: tables, and indexes behind a slash. */
const places = tables.flatMap(({ logicalId, Properties }) => [
  logicalId,
  ...(Properties['GlobalSecondaryIndexes'] ?? []).map(
    ({ IndexName }: { IndexName: string }) => `${logicalId}/${IndexName}`,
  ),
]);

describe('of prod', () => {
  it('every table and every index tells which of its keys are throttled', () => {
    const replicas = tables.flatMap(({ logicalId, Properties }) =>
      Properties['Replicas'].map((replica: Replica) => ({ logicalId, replica })),
    );
    const telling = replicas.flatMap(({ logicalId, replica }: { logicalId: string; replica: Replica }) => [
      [logicalId, replica.ContributorInsightsSpecification],
      ...(replica.GlobalSecondaryIndexes ?? []).map((index) => [
        `${logicalId}/${index.IndexName}`,
        index.ContributorInsightsSpecification,
      ]),
    ]);

    expect(places.length).toBeGreaterThan(10);
    expect(telling).toEqual(places.map((place) => [place, throttledKeys]));
  });

  it.each(['Read', 'Write'])('on-call hears of %ss that one key is throttled for, of each of them', (kind) => {
    const alarms = ofType(prod, 'AWS::CloudWatch::Alarm').filter(
      ({ Properties }) => Properties['MetricName'] === `${kind}KeyRangeThroughputThrottleEvents`,
    );
    const heard = alarms.map(({ Properties }) => {
      expect(Properties).toMatchObject({
        Namespace: 'AWS/DynamoDB',
        Statistic: 'Sum',
        EvaluationPeriods: 3,
        Threshold: 0,
      });
      const dimensions: { Name: string; Value: unknown }[] = Properties['Dimensions'];
      const of = (name: string) => dimensions.find(({ Name }) => Name === name)?.Value;
      const table = JSON.stringify(of('TableName'))
        .match(/\w{6,}/g)
        ?.find((id) => id !== 'TableName');
      const index = of('GlobalSecondaryIndexName');
      return index === undefined ? table : `${table}/${index}`;
    });

    expect(heard.sort()).toEqual([...places].sort());
  });
});

describe('of dev', () => {
  it('nothing is watched for hot keys: that costs', () => {
    const dev = resourcesOf('dev');

    expect(JSON.stringify(ofType(dev, 'AWS::DynamoDB::GlobalTable'))).not.toContain('ContributorInsightsSpecification');
    expect(JSON.stringify(ofType(dev, 'AWS::CloudWatch::Alarm'))).not.toContain('KeyRange');
  });
});
