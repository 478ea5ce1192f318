import { Duration } from 'aws-cdk-lib';
import type { RefusalReason } from '../../lambdas/shared/wechat-pay/refusal.ts';
import type { TemplateResource } from './support/warren-app.ts';
import { ofType, resourcesIn, synthesise, warrenApp, withoutBuiltInValidation } from './support/warren-app.ts';

withoutBuiltInValidation();

describe('on-call hears', () => {
  const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
  const alarms = ofType(resources, 'AWS::CloudWatch::Alarm');
  const alarmOf = (resource: TemplateResource): string[] =>
    alarms
      .filter(({ Properties }) => JSON.stringify(Properties['Dimensions']).includes(resource.logicalId))
      .map(({ Properties }) => Properties['MetricName']);
  const queueNamed = (name: string) =>
    ofType(resources, 'AWS::SQS::Queue').filter(({ Properties }) => Properties['QueueName'] === `warren-prod-${name}`);

  it('of every alarm, when it rings and when it is over', () => {
    expect(alarms.length).toBeGreaterThan(0);
    for (const { Properties } of alarms) {
      expect(Properties).toMatchObject({ AlarmActions: [expect.anything()], OKActions: [expect.anything()] });
    }
  });

  it.each(['dead-letters', 'unrouted'])(
    'of any message in %s, which nothing consumes and a person must read',
    (name) => {
      const queues = queueNamed(name);

      expect(queues.map(alarmOf)).toEqual([['ApproximateNumberOfMessagesVisible']]);
    },
  );

  it('of messages that wait too long for their consumer, and not of those that wait', () => {
    expect(queueNamed('orders-payments-b66fa15ba1').map(alarmOf)).toEqual([['ApproximateAgeOfOldestMessage']]);
  });

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

  it('of every notification that was not stored', () => {
    expect(alarms.map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ MetricName: '5xx', Statistic: 'Sum', Threshold: 0 }),
    );
  });

  it('of an outbox that is not relayed for a quarter of an hour', () => {
    expect(alarms.map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({ MetricName: 'IteratorAge', Threshold: Duration.minutes(15).toMilliseconds() }),
    );
  });
});

describe('a queue that no function consumes', () => {
  it('keeps its messages for 13 days, a day less than the dead-letter queue behind it', () => {
    const resources = synthesise(warrenApp('prod')).flatMap(({ template }) => resourcesIn(template));
    const kept = Object.fromEntries(
      ofType(resources, 'AWS::SQS::Queue').map(({ Properties }) => [
        Properties['QueueName'],
        Properties['MessageRetentionPeriod'] / 86_400,
      ]),
    );

    expect(kept).toMatchObject({
      'warren-prod-orders-payments-b66fa15ba1': 4,
      'warren-prod-unrouted': 13,
      'warren-prod-unrouted-dlq': 14,
    });
  });
});
