import { type Duration, type RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { depthAlarm } from './alarm-above.ts';
import type { OnCall } from './on-call.ts';
import type { Runbook } from './runbook.ts';

export interface DeadLetterQueueProps {
  /** Its alarm's too. Default: CloudFormation's choice. */
  readonly queueName?: string;
  /** Of the same kind as the queue it serves: SQS demands it. Default: no. */
  readonly isFifo?: boolean;
  readonly retention: Duration;
  /** Of one that a function drains: at least six times its timeout. Default: SQS's 30 s. */
  readonly visibilityTimeout?: Duration | undefined;
  readonly removalPolicy: RemovalPolicy;
  readonly onCall: OnCall;
  /** Who is hurt by a message in here; on-call reads it. */
  readonly impact: string;
  readonly runbook: Runbook;
}

/** The net under crashes: a queue that nobody should ever find full, and that tells on-call when it holds anything. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;
  readonly retention: Duration;
  readonly alarm: Alarm;

  constructor(
    scope: Construct,
    id: string,
    { queueName, isFifo = false, retention, visibilityTimeout, removalPolicy, onCall, ...told }: DeadLetterQueueProps,
  ) {
    super(scope, id);
    this.retention = retention;
    this.queue = new Queue(this, 'Queue', {
      ...(queueName !== undefined && { queueName }),
      ...(isFifo && { fifo: true }),
      retentionPeriod: retention,
      ...(visibilityTimeout && { visibilityTimeout }),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy,
    });
    const reason = 'It is itself a dead-letter queue: what it holds waits for a person.';
    for (const id of ['AwsSolutions::AwsSolutions-SQS3', 'Serverless::Serverless-SQSRedrivePolicy']) {
      Validations.of(this.queue).acknowledge({ id, reason });
    }
    this.alarm = depthAlarm(this, 'Alarm', this.queue, { name: queueName, ...told });
    onCall.hearsOf(this.alarm);
  }
}
