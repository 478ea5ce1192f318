import { CfnOutput, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, type TablePropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Config } from '../config.ts';
import { DelayedMessages } from '../constructs/delayed-messages.ts';
import { OnCall } from '../constructs/on-call.ts';
import { visibilityTimeoutFor } from '../constructs/queue-consumer.ts';

export interface StatefulStackProps extends StackProps {
  readonly config: Config;
  /** `<app>-<stage>` */
  readonly namePrefix: string;
  readonly onCallEmail?: string | undefined;
}

/** What must outlive a deployment besides the queues: tables, the merchant's secret, who is on call. Logical ids in here never change. */
export class StatefulStack extends Stack {
  readonly onCall: OnCall;
  readonly orders: TableV2;
  readonly outbox: TableV2;
  readonly idempotency: TableV2;
  readonly merchantSecret: Secret;
  readonly delayed: DelayedMessages;
  private readonly config: Config;

  constructor(scope: Construct, id: string, { config, namePrefix, onCallEmail, ...props }: StatefulStackProps) {
    super(scope, id, { ...props, terminationProtection: config.protectData });
    this.config = config;
    this.onCall = new OnCall(this, 'OnCall', { email: onCallEmail });
    this.orders = this.addTable('Orders', { partitionKey: { name: 'out_trade_no', type: AttributeType.STRING } });
    this.outbox = this.addTable('Outbox', {
      partitionKey: { name: 'aggregate', type: AttributeType.STRING },
      sortKey: { name: 'event_id', type: AttributeType.STRING },
      dynamoStream: StreamViewType.NEW_IMAGE,
      timeToLiveAttribute: 'expires_at',
    });
    this.idempotency = this.addTable('Idempotency', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
    });
    this.delayed = new DelayedMessages(this, 'Delayed', {
      name: namePrefix,
      retention: config.queues.retention,
      deadLetterRetention: config.deadLetters.retention,
      visibilityTimeout: visibilityTimeoutFor(config.functions.delayedPublish.timeout),
      removalPolicy: config.removalPolicy,
      onCall: this.onCall,
    });
    this.merchantSecret = new Secret(this, 'MerchantSecret', {
      description: 'WeChat Pay: mchid, appids, apiV3Key and publicKeys by serial, as JSON',
      removalPolicy: config.removalPolicy,
    });

    Validations.of(this.merchantSecret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason: 'WeChat Pay issues these keys in its merchant portal: nothing on AWS can rotate them.',
    });

    new CfnOutput(this, 'OrdersTable', { value: this.orders.tableName });
    new CfnOutput(this, 'OutboxTable', { value: this.outbox.tableName });
    new CfnOutput(this, 'IdempotencyTable', { value: this.idempotency.tableName });
    new CfnOutput(this, 'MerchantSecretId', { value: this.merchantSecret.secretArn });
    new CfnOutput(this, 'DelayedQueueUrl', { value: this.delayed.queue.queueUrl });
    new CfnOutput(this, 'OnCallTopic', { value: this.onCall.topic.topicArn });
  }

  private addTable(id: string, props: TablePropsV2): TableV2 {
    return new TableV2(this, id, {
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: this.config.protectData,
      removalPolicy: this.config.removalPolicy,
      ...props,
    });
  }
}
