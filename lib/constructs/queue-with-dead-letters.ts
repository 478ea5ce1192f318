import { Duration, type RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueuePlan } from '../../rabbitmq/plan/plan-topology.ts';
import { ttlTag } from '../ttl-tag.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { OnCall } from './on-call.ts';
import { queueAlarms } from './queue-alarms.ts';

export interface QueueWithDeadLettersProps {
  readonly plan: QueuePlan;
  /** Of a queue whose plan names no retention of its own. */
  readonly retention: Duration;
  /** Longer than `retention`: a message keeps its first enqueue time when SQS moves it. */
  readonly deadLetterRetention: Duration;
  /** At least six times the timeout of the function that consumes the queue. Default: 30 seconds, for queues that no function consumes. */
  readonly visibilityTimeout?: Duration | undefined;
  /** Where a function drains the dead-letter queue: at least six times its timeout. */
  readonly deadLetterVisibilityTimeout?: Duration | undefined;
  /** A message that waits longer is late: on-call hears. Default: it may wait, until it is swept into the exceptions. */
  readonly lateAfter?: Duration | undefined;
  /** Whether something receives its messages. Default: no. */
  readonly isConsumed?: boolean;
  /** Whether any message in it is for a person. Default: no. */
  readonly isWatched?: boolean;
  readonly removalPolicy: RemovalPolicy;
  readonly onCall: OnCall;
}

/** What one RabbitMQ queue becomes: an SQS queue, and a dead-letter queue of its own with its alarm. */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetterQueue;
  readonly plan: QueuePlan;
  readonly retention: Duration;

  constructor(scope: Construct, id: string, props: QueueWithDeadLettersProps) {
    super(scope, id);
    const { plan, onCall, removalPolicy } = props;
    this.plan = plan;
    this.retention = plan.retentionSeconds === undefined ? props.retention : Duration.seconds(plan.retentionSeconds);
    const isFifo = plan.type === 'fifo';
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      queueName: plan.deadLetterSqsName,
      isFifo,
      retention: props.deadLetterRetention,
      visibilityTimeout: props.deadLetterVisibilityTimeout,
      removalPolicy,
      onCall,
      impact: `Messages of RabbitMQ queue ${plan.queue.name} ${whyDead(plan)} and wait in ${plan.deadLetterSqsName}: ${whoActs(plan)}.`,
      runbook: '#messages-in-a-dead-letter-queue',
    });
    this.queue = new Queue(this, 'Queue', {
      queueName: plan.sqsName,
      ...(isFifo && { fifo: true }),
      retentionPeriod: this.retention,
      ...(props.visibilityTimeout && { visibilityTimeout: props.visibilityTimeout }),
      deadLetterQueue: { queue: this.deadLetters.queue, maxReceiveCount: plan.maxReceiveCount },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy,
    });
    queueAlarms(this, props);
    Tags.of(this).add('rabbitmq:vhost', tagValue(plan.queue.vhost));
    Tags.of(this).add('rabbitmq:queue', tagValue(plan.queue.name));
    const { messageTtl, deadLetterExchange } = plan.queue;
    // Without a dead-letter exchange the retention stands for the TTL.
    if (messageTtl !== undefined && deadLetterExchange !== undefined)
      Tags.of(this.queue).add(ttlTag, String(messageTtl));
  }
}

/** Letters, digits, spaces and `_.:/=+-@` as they are; anything else AWS refuses (SQS, sqs-queue-tags): as `=` and its UTF-8 bytes in hexadecimal. */
export function tagValue(text: string): string {
  const encoded = text.replaceAll(/[^\p{L}\p{Z}\p{N}_.:/+\-@]/gu, (character) =>
    [...Buffer.from(character)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  return encoded.slice(0, 256);
}

/** A consumer that counts failures ends them itself: here comes what it could not say a word about. */
function whyDead({ countsFailures, maxReceiveCount }: QueuePlan): string {
  return countsFailures
    ? `were received ${maxReceiveCount} times without an end (their function crashed or ran out of time, or could not store them elsewhere)`
    : `failed ${maxReceiveCount} times`;
}

function whoActs({ countsFailures }: QueuePlan): string {
  return countsFailures
    ? 'the function dead-letters takes them from there; if this alarm stays on, it cannot'
    : 'nothing handles them until somebody redrives them';
}
