import { App, Duration, Stack } from 'aws-cdk-lib';
import { CfnAlarm, ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { CfnEventSourceMapping, CfnFunction, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { CfnQueue, CfnQueuePolicy, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import { queueRow, rowsOf } from '../../../lib/constructs/queue-rows.ts';
import { StageDashboard } from '../../../lib/constructs/stage-dashboard.ts';

export const DAY = 86_400;

/** Two stacks, as in Warren: queues and alarm in the stateful one, function and mapping in the stateless one. Passes every rule, barely. */
export function wellFormedApp() {
  const app = new App();
  const stateful = new Stack(app, 'Stateful');
  const stateless = new Stack(app, 'Stateless');
  const { queue, deadLetterQueue, alarm } = queueWithDlq(stateful, 'Orders');
  const { fn, mapping } = consumerOf(stateless, 'Orders', queue);
  return {
    app,
    stateful,
    stateless,
    queue,
    cfnQueue: l1(queue, CfnQueue.isCfnQueue),
    cfnQueuePolicy: l1(queue.node.findChild('Policy'), CfnQueuePolicy.isCfnQueuePolicy),
    deadLetterQueue,
    cfnDeadLetterQueue: l1(deadLetterQueue, CfnQueue.isCfnQueue),
    cfnAlarm: l1(alarm, CfnAlarm.isCfnAlarm),
    fn,
    cfnFunction: l1(fn, CfnFunction.isCfnFunction),
    cfnMapping: l1(mapping, CfnEventSourceMapping.isCfnEventSourceMapping),
  };
}

export function queueWithDlq(stack: Stack, name: string) {
  const deadLetterQueue = new Queue(stack, `${name}Dlq`, { ...secure, retentionPeriod: Duration.days(14) });
  const queue = new Queue(stack, name, {
    ...secure,
    visibilityTimeout: Duration.seconds(180),
    retentionPeriod: Duration.days(4),
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 2 },
  });
  show(queue);
  return { queue, deadLetterQueue, alarm: alarmOn(stack, `${name}DlqAlarm`, deadLetterQueue) };
}

/** On a dashboard of its own, in its stack. */
export function show(...queues: Queue[]): void {
  for (const queue of queues) {
    const stack = Stack.of(queue);
    new StageDashboard(stack, `${queue.node.id}Dashboard`, {
      name: `${stack.node.path.replaceAll('/', '-')}-${queue.node.id}`,
      alarms: [],
      sections: [{ title: 'Queues', rows: rowsOf([queue]).map(queueRow) }],
    });
  }
}

export function alarmOn(stack: Stack, id: string, queue: Queue) {
  const alarm = queue.metricApproximateNumberOfMessagesVisible().createAlarm(stack, id, {
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    evaluationPeriods: 1,
  });
  alarm.addAlarmAction(new SnsAction(new Topic(stack, `${id}Topic`)));
  return alarm;
}

export function consumerOf(stack: Stack, name: string, queue: Queue) {
  const fn = functionIn(stack, `${name}Consumer`);
  const mapping = fn.addEventSourceMapping('Mapping', {
    eventSourceArn: queue.queueArn,
    reportBatchItemFailures: true,
    maxBatchingWindow: Duration.seconds(10),
  });
  queue.grantConsumeMessages(fn);
  return { fn, mapping };
}

export function functionIn(stack: Stack, id: string): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {};'),
    timeout: Duration.seconds(20),
    environment: { IDEMPOTENCY_TABLE: 'idempotency', IDEMPOTENCY_EXPIRES_AFTER_SECONDS: String(18 * DAY + 1) },
  });
}

export const secure = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

/** The CloudFormation resource inside a construct. */
export function l1<T extends IConstruct>(construct: IConstruct, isWanted: (candidate: unknown) => candidate is T): T {
  const candidate = construct.node.defaultChild ?? construct;
  if (!isWanted(candidate)) throw new Error(`${construct.node.path} has another resource inside`);
  return candidate;
}
