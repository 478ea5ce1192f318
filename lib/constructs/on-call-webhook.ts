import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Env } from '../../lambdas/on-call-webhook/env.ts';
import type { Config } from '../config-shape.ts';
import type { OnCallWebhook as Webhook } from '../on-call-context.ts';
import { consumeQueue } from './consume-queue.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { grantReadSecret } from './grant-read-secret.ts';
import { lateAlarm } from './late-alarm.ts';
import { NodeFunction, type NodeFunctionProps } from './node-function.ts';
import type { OnCall } from './on-call.ts';
import { visibilityTimeoutFor } from './queue-consumer.ts';

const runbook = '#the-group-chat-is-not-told';

export interface OnCallWebhookProps extends Omit<NodeFunctionProps, 'folder' | 'environment'> {
  readonly webhook: Webhook;
  readonly config: Config['onCall']['webhook'];
  readonly retention: Duration;
  readonly deadLetterRetention: Duration;
  readonly removalPolicy: RemovalPolicy;
  readonly onCall: OnCall;
  readonly escalation: OnCall;
}

/**
 * What is published to on-call's topic, alarms too, goes to a group chat: by a queue, which outlasts an outage of the chat by an hour of tries
 * and then says what the group was not told. SNS's own HTTPS delivery could not shape the JSON, and would have the URL in the template.
 */
export class OnCallWebhook extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: OnCallWebhookProps) {
    super(scope, id);
    const { webhook, config, retention, deadLetterRetention, removalPolicy, onCall, escalation, ...size } = props;
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      retention: deadLetterRetention,
      removalPolicy,
      onCall,
      impact:
        'The group chat of on-call was not told what its topic says: its webhook has refused it, or not answered, for an hour. The messages are in this queue; the log of on-call-webhook says why.',
      runbook,
    });
    // The group does not get it: whoever else listens should.
    if (escalation !== onCall) escalation.hearsOf(deadLetters.alarm);
    const queue = new Queue(this, 'Queue', {
      retentionPeriod: retention,
      visibilityTimeout: visibilityTimeoutFor(size.timeout),
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: 10 },
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy,
    });
    onCall.topic.addSubscription(new SqsSubscription(queue, { deadLetterQueue: deadLetters.queue }));
    const environment: Record<keyof Env, string> = {
      WEBHOOK_KIND: webhook.kind,
      WEBHOOK_SECRET_ID: webhook.secretArn,
      WEBHOOK_SECRET_MAX_AGE_SECONDS: String(config.secretMaxAge.toSeconds()),
      WEBHOOK_TIMEOUT_MS: String(config.requestTimeout.toMilliseconds()),
    };
    const { fn } = new NodeFunction(this, 'Function', { ...size, folder: 'on-call-webhook', environment });
    this.fn = fn;
    grantReadSecret(fn, webhook);
    consumeQueue(fn, queue, config);
    const late = lateAlarm(this, queue, {
      lateAfter: config.lateAfter,
      impact: 'What on-call’s topic says is not posted to the group chat: nothing reads its queue.',
      runbook,
    });
    for (const one of new Set([onCall, escalation])) one.hearsOf(late);
  }
}
