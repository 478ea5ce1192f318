import type { RefusalReason } from '../../lambdas/shared/wechat-pay/refusal.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

describe('on-call hears', () => {
  const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');

  it('of every notification that WeChat Pay signed and we refused, and of serials that may be its new key', () => {
    const refused = alarms.filter(({ Properties }) => Properties['MetricName'] === 'NotificationsRefused');
    const rings = refused.map(({ Properties }) => {
      const dimensions: { Name: string; Value: string }[] = Properties['Dimensions'];
      return {
        ...Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
        above: Properties['Threshold'],
      };
    });

    const service = 'wechat-pay-notify';
    expect(rings).toEqual([
      { service, reason: 'decryption' satisfies RefusalReason, above: 0 },
      { service, reason: 'not-ours' satisfies RefusalReason, above: 0 },
      { service, reason: 'malformed' satisfies RefusalReason, above: 0 },
      { service, reason: 'unknown-serial' satisfies RefusalReason, above: 4 },
    ]);
  });

  it('of a day without any in prod, and of no silence in other stages', () => {
    const silent = (all: typeof alarms) => all.filter(({ logicalId }) => logicalId.startsWith('NotifySilent'));
    const dev = synthesise(warrenApp('dev')).flatMap(({ template }) => resourcesIn(template));

    expect(silent(alarms).map(({ Properties }) => Properties)).toMatchObject([
      {
        Namespace: 'Warren',
        MetricName: 'NotificationsAccepted',
        Dimensions: [{ Name: 'service', Value: 'wechat-pay-notify' }],
        Statistic: 'Sum',
        Period: 3600,
        EvaluationPeriods: 24,
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        TreatMissingData: 'breaching',
      },
    ]);
    expect(silent(ofType(dev, 'AWS::CloudWatch::Alarm'))).toEqual([]);
  });

  it('of every notification that was not stored', () => {
    expect(alarms.map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ MetricName: '5xx', Statistic: 'Sum', Threshold: 0 }),
    );
  });
});

describe('a queue that a function consumes', () => {
  it('keeps its messages for four days', () => {
    const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
    const [queue] = ofType(resources, 'AWS::SQS::Queue').filter(
      ({ Properties }) => Properties['QueueName'] === 'warren-prod-orders-payments-b66fa15ba1',
    );

    expect(queue?.Properties['MessageRetentionPeriod']).toBe(4 * 86_400);
  });
});
