import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { messageOf, outboxRowSchema } from '../../lambdas/shared/outbox/outbox-row.ts';
import type { ExampleDeployment } from './example-deployment.ts';

export interface OrderSeen {
  readonly state: string | undefined;
  readonly transaction_id: string | undefined;
  /** What is told of the order, in the order it was written: `order.created`, and one for each effect, written in the transaction that changes the order. */
  readonly outbox: readonly OutboxRowSeen[];
}

export interface OutboxRowSeen {
  /** Its routing key. */
  readonly event: string | undefined;
  readonly event_id: string;
  readonly relayed_at?: string | undefined;
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
    // Sorted by their event ids, which begin with the time.
    outbox: (rows.Items ?? []).map((item) => {
      const row = outboxRowSchema.parse(item);
      return { event: messageOf(row).routingKeys[0], event_id: row.event_id, relayed_at: item['relayed_at'] };
    }),
  };
}

/** What was told of an order, as routing keys in their order: `order.created`, then one for each effect. */
export function eventsOf({ outbox }: OrderSeen): (string | undefined)[] {
  return outbox.map(({ event }) => event);
}

/** How often the order was paid. */
export function paymentsOf(seen: OrderSeen): number {
  return eventsOf(seen).filter((event) => event === 'order.paid').length;
}

export function isRelayed({ outbox }: OrderSeen): boolean {
  return outbox.every(({ relayed_at }) => relayed_at !== undefined);
}
