import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ExampleDeployment } from './example-deployment.ts';

export interface OrderSeen {
  readonly state: string | undefined;
  readonly transaction_id: string | undefined;
  /** One per effect: each is written in the transaction that changes the order. */
  readonly outbox: readonly { readonly event_id: string; readonly relayed_at?: string }[];
}

/** What the tables say of an order: nothing here is anybody's own bookkeeping. */
export async function observeOrder(
  { documents, outputs }: ExampleDeployment,
  out_trade_no: string,
): Promise<OrderSeen> {
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
