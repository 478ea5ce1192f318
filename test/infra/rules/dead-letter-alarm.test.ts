import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { wellFormedApp } from './well-formed-app.ts';

describe('the alarm on a dead-letter queue', () => {
  const noAlarm = {
    rule: 'Warren-DeadLetterAlarm',
    path: 'Stateful/OrdersDlq/Resource',
    problem:
      'no alarm watches ApproximateNumberOfMessagesVisible of this dead-letter queue (NumberOfMessagesSent does not count automatic moves)',
    fix: 'add an AWS/SQS ApproximateNumberOfMessagesVisible alarm with this QueueName and an alarm action',
  };

  it('must not watch another metric', () => {
    const { app, cfnAlarm } = wellFormedApp();

    cfnAlarm.metricName = 'NumberOfMessagesSent';

    expect(violationsIn(app)).toEqual([noAlarm]);
  });

  it('must not watch another namespace', () => {
    const { app, cfnAlarm } = wellFormedApp();

    cfnAlarm.namespace = 'Warren';

    expect(violationsIn(app)).toEqual([noAlarm]);
  });

  it('must not watch another queue', () => {
    const { app, cfnAlarm, queue } = wellFormedApp();

    cfnAlarm.dimensions = [{ name: 'QueueName', value: queue.queueName }];

    expect(violationsIn(app)).toEqual([noAlarm]);
  });

  it('must have an action', () => {
    const { app, cfnAlarm } = wellFormedApp();

    cfnAlarm.alarmActions = [];

    expect(violationsIn(app)).toEqual([
      {
        rule: 'Warren-DeadLetterAlarm',
        path: 'Stateful/OrdersDlq/Resource',
        problem: 'Stateful/OrdersDlqAlarm/Resource tells nobody: 0 alarm actions, ActionsEnabled true',
        fix: 'give the alarm an action (the on-call topic) and leave ActionsEnabled on',
      },
    ]);
  });

  it('must have its actions enabled', () => {
    const { app, cfnAlarm } = wellFormedApp();

    cfnAlarm.actionsEnabled = false;

    expect(violationsIn(app)).toMatchObject([
      { problem: expect.stringContaining('1 alarm actions, ActionsEnabled false') },
    ]);
  });

  it.each([
    ['GreaterThanOrEqualToThreshold', 2],
    ['GreaterThanThreshold', 1],
    ['LessThanThreshold', 1],
  ])('must fire at one message, which %s %d does not', (comparisonOperator, threshold) => {
    const { app, cfnAlarm } = wellFormedApp();

    Object.assign(cfnAlarm, { comparisonOperator, threshold });

    expect(violationsIn(app)).toMatchObject([
      { problem: `Stateful/OrdersDlqAlarm/Resource stays silent at one message: ${comparisonOperator} ${threshold}` },
    ]);
  });

  it('may be in another stack, in another shape, and name the queue by its name', () => {
    const { app, stateful, stateless, cfnDeadLetterQueue } = wellFormedApp();
    stateful.node.tryRemoveChild('OrdersDlqAlarm');
    expect(violationsIn(app)).toEqual([noAlarm]);
    cfnDeadLetterQueue.queueName = 'orders-dlq';
    const metric = {
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: [{ name: 'QueueName', value: 'orders-dlq' }],
    };

    new CfnAlarm(stateless, 'Alarm', {
      metrics: [{ id: 'm1', metricStat: { metric, period: 60, stat: 'Maximum' } }],
      comparisonOperator: 'GreaterThanThreshold',
      threshold: 0,
      evaluationPeriods: 1,
      alarmActions: ['arn:aws:sns:eu-west-1:111122223333:on-call'],
    });

    expect(violationsIn(app)).toEqual([]);
  });
});
