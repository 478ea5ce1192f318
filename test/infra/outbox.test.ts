import { pendingParts, undeliveredIndex } from '../../lambdas/shared/outbox/outbox-row.ts';
import { configs } from '../../lib/config.ts';
import {
  allowedIn,
  ofType,
  resourcesIn,
  synthesise,
  warrenApp,
  withoutBuiltInValidation,
} from './support/warren-app.ts';

withoutBuiltInValidation();

const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
const [table] = ofType(resources, 'AWS::DynamoDB::GlobalTable').filter(({ logicalId }) =>
  /^Outbox[0-9A-F]{8}$/.test(logicalId),
);

describe('the outbox table', () => {
  it('has the index the sweep asks, which holds keys alone', () => {
    expect(table?.Properties['GlobalSecondaryIndexes']).toMatchObject([
      {
        IndexName: undeliveredIndex.name,
        KeySchema: [
          { AttributeName: undeliveredIndex.partitionKey, KeyType: 'HASH' },
          { AttributeName: undeliveredIndex.sortKey, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ]);
    expect(pendingParts).toHaveLength(16);
  });

  it('lets rows expire by the time that only a delivery sets', () => {
    expect(table?.Properties['TimeToLiveSpecification']).toEqual({ AttributeName: 'expires_at', Enabled: true });
  });

  it('is read as a stream of what is new, and gives up nothing before six hours', () => {
    const [mapping] = ofType(resources, 'AWS::Lambda::EventSourceMapping').filter(
      ({ logicalId, Properties }) => logicalId.startsWith('Outbox') && Properties['StartingPosition'] !== undefined,
    );

    expect(mapping?.Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: 21_600,
      // More at a time would give up the order of a shard.
      FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
    });
    expect(mapping?.Properties['ParallelizationFactor']).toBeUndefined();
    expect(mapping?.Properties['MaximumRetryAttempts']).toBeUndefined();
  });
});

describe('the sweep', () => {
  it('runs once a minute, and never twice at a time', () => {
    const [rule] = ofType(resources, 'AWS::Events::Rule').filter(({ logicalId }) =>
      logicalId.startsWith('OutboxSweep'),
    );

    expect(rule?.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Targets: [{ RetryPolicy: { MaximumRetryAttempts: 0 } }],
    });
    expect(configs.prod.functions.outboxSweep.timeout.toSeconds()).toBeLessThan(60);
    const invokes = ofType(resources, 'AWS::Lambda::EventInvokeConfig').filter(
      // What runs once a day is tried again.
      ({ logicalId }) => !logicalId.startsWith('DailyBill'),
    );
    expect(invokes.length).toBeGreaterThan(0);
    for (const { Properties } of invokes) expect(Properties).toMatchObject({ MaximumRetryAttempts: 0 });
  });

  it('may ask that index, and no other', () => {
    const queries = allowedIn(resources).filter(
      // `compare-books` reads what was told of one order.
      ({ Action, Resource }) => Action === 'dynamodb:Query' && /Outbox.*\/index\//.test(JSON.stringify(Resource)),
    );

    expect(queries).toHaveLength(1);
    expect(JSON.stringify(queries[0]?.Resource)).toContain(`/index/${undeliveredIndex.name}"`);
  });
});

describe('a deployment of somebody else’s topology', () => {
  it('delivers what its producer stores in the outbox', () => {
    const theirs = synthesise(warrenApp('dev', { topology: 'test/integration/fixtures/every-exchange.json' })).flatMap(
      ({ template }) => resourcesIn(template),
    );
    const folders = ofType(theirs, 'AWS::Lambda::Function').map(
      ({ Properties }) => Properties['Environment'].Variables.POWERTOOLS_SERVICE_NAME,
    );

    expect(folders.sort()).toEqual([
      'delayed-publish',
      'exception-notices',
      'on-call-watch',
      'on-call-webhook',
      'outbox-relay',
      'outbox-sweep',
      'park',
      'publish',
      'publish-http',
      'replay',
      'retention-sweep',
    ]);
  });
});
