import { type Duration, type RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { lateAlarm } from './late-alarm.ts';
import type { OnCall } from './on-call.ts';

const runbook = '#delayed-messages-are-not-sent-on';

export interface DelayedMessagesProps {
  /** `<app>-<stage>`: the group's own, so that policies can name it. */
  readonly name: string;
  readonly retention: Duration;
  readonly deadLetterRetention: Duration;
  /** At least six times the timeout of `delayed-publish`. */
  readonly visibilityTimeout: Duration;
  /** A message that waits longer is late; longer than the quarter of an hour that SQS itself delays one. */
  readonly lateAfter: Duration;
  readonly removalPolicy: RemovalPolicy;
  readonly onCall: OnCall;
}

/** Where messages wait for their time: a queue, and a group of schedules that write to it. Both outlive deployments. */
export class DelayedMessages extends Construct {
  readonly queue: Queue;
  private readonly group: string;
  private readonly role: Role;
  private readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: DelayedMessagesProps) {
    super(scope, id);
    const { removalPolicy, onCall } = props;
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      retention: props.deadLetterRetention,
      removalPolicy,
      onCall,
      impact:
        'Delayed messages were due and not sent on ten times, or their schedule could not write for a day: nothing handles them until somebody redrives them.',
      runbook,
    });
    this.queue = new Queue(this, 'Queue', {
      retentionPeriod: props.retention,
      visibilityTimeout: props.visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: 10 },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy,
    });
    const late = lateAlarm(this, this.queue, {
      lateAfter: props.lateAfter,
      impact: 'Delayed messages are due and not sent on: whoever they are for has not got them.',
      runbook,
    });
    onCall.hearsOf(late);
    // Deleting the group would delete the messages in its schedules.
    this.group = props.name;
    new CfnScheduleGroup(this, 'Schedules', { name: this.group }).applyRemovalPolicy(removalPolicy);
    this.role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'Schedules of delayed messages write to their queue',
    });
    const queues = [this.queue, this.deadLetters.queue];
    this.role.addToPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queueArn }) => queueArn) }),
    );
  }

  /** What a publisher needs to know. */
  get environment(): Record<Extract<keyof BrokerEnv, `DELAYED_${string}` | `SCHEDULE_${string}`>, string> {
    return {
      DELAYED_QUEUE_URL: this.queue.queueUrl,
      DELAYED_QUEUE_ARN: this.queue.queueArn,
      SCHEDULE_GROUP: this.group,
      SCHEDULE_ROLE_ARN: this.role.roleArn,
      SCHEDULE_DEAD_LETTER_ARN: this.deadLetters.queue.queueArn,
    };
  }

  /** Lets the function keep messages here. */
  grantKeep(fn: IFunction): void {
    fn.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }));
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['scheduler:CreateSchedule'],
        resources: [
          Stack.of(fn).formatArn({ service: 'scheduler', resource: 'schedule', resourceName: `${this.group}/*` }),
        ],
      }),
    );
    if (fn.role) {
      Validations.of(fn.role).acknowledge({
        id: `AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/${this.group}/*]`,
        reason: 'A schedule is named by the message it keeps; the group is of this app and stage alone.',
      });
    }
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      }),
    );
  }
}
