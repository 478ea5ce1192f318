import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DeadLetterQueue } from '../../../lib/constructs/dead-letter-queue.ts';
import { givenOnCall, givenQueue } from '../support/givens.ts';
import { emptyStack, ofType, resourcesIn, withoutBuiltInValidation } from '../support/warren-app.ts';

withoutBuiltInValidation();

describe('a dead-letter queue', () => {
  it('tells on-call as soon as it holds a single message, and when it is empty again', () => {
    const stack = emptyStack();
    const onCall = givenOnCall(stack);
    const { queue } = new DeadLetterQueue(stack, 'Lost', {
      retention: Duration.days(14),
      removalPolicy: RemovalPolicy.DESTROY,
      onCall,
      impact: 'nobody is paid',
      runbook: '#what-to-do',
    });

    const topic = stack.resolve(onCall.topic.topicArn);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: 'nobody is paid What to do: docs/operations.md#what-to-do',
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: stack.resolve(queue.queueName) }],
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
      OKActions: [topic],
    });
  });

  it('lets CloudFormation name it unless it is told a name', () => {
    const stack = emptyStack();
    const common = { retention: Duration.days(14), removalPolicy: RemovalPolicy.DESTROY, onCall: givenOnCall(stack) };
    new DeadLetterQueue(stack, 'Lost', { ...common, impact: 'nobody is paid', runbook: '#what-to-do' });

    const [queue] = ofType(resourcesIn(Template.fromStack(stack)), 'AWS::SQS::Queue');
    expect(queue).toMatchObject({ DeletionPolicy: 'Delete', Properties: { SqsManagedSseEnabled: true } });
    expect(queue?.Properties).not.toHaveProperty('QueueName');
  });

  it('of a RabbitMQ queue names that queue, the number of tries and itself in its alarm', () => {
    const stack = emptyStack();
    givenQueue(stack, { name: 'refunds', deliveryLimit: 4 });

    const [alarm] = ofType(resourcesIn(Template.fromStack(stack)), 'AWS::CloudWatch::Alarm');
    expect(alarm?.Properties['AlarmDescription']).toMatch(
      /queue refunds failed 5 times and wait in shop-test-refunds-dlq/,
    );
  });
});
