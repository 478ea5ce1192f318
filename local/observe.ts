import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
  type Message as SqsMessage,
} from '@aws-sdk/client-sqs';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Deployment } from './deployment.ts';

/** What the tables say: nothing here is anybody's own bookkeeping. */

export interface OrderSeen {
  readonly state: string | undefined;
  readonly transaction_id: string | undefined;
  /** One per effect: each is written in the transaction that changes the order. */
  readonly outbox: readonly { readonly event_id: string; readonly relayed_at?: string }[];
}

export async function observeOrder({ documents, outputs }: Deployment, out_trade_no: string): Promise<OrderSeen> {
  const order = await documents.send(
    new GetCommand({ TableName: outputs.OrdersTable, Key: { out_trade_no }, ConsistentRead: true }),
  );
  const rows = await documents.send(
    new QueryCommand({
      TableName: outputs.OutboxTable,
      KeyConditionExpression: '#aggregate = :aggregate',
      ExpressionAttributeNames: { '#aggregate': 'aggregate' },
      ExpressionAttributeValues: { ':aggregate': `order#${out_trade_no}` },
      ConsistentRead: true,
    }),
  );
  return {
    state: order.Item?.['state'],
    transaction_id: order.Item?.['transaction_id'],
    outbox: (rows.Items ?? []).map((row) => ({ event_id: row['event_id'], relayed_at: row['relayed_at'] })),
  };
}

/** Messages of a queue: visible, in flight and delayed. */
export async function depth(sqs: SQSClient, queueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

/** All visible messages of a queue that no function consumes, put back at once, each once. Costs each of them one receive. */
export async function lookInto(sqs: SQSClient, queueUrl: string): Promise<SqsMessage[]> {
  const seen = new Map<string | undefined, SqsMessage>();
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 30,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    if (Messages.length === 0) break;
    for (const message of Messages) seen.set(message.MessageId, message);
  }
  for (const { ReceiptHandle } of seen.values()) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  return [...seen.values()];
}
