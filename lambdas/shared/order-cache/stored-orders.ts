import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type OrderState, orderVersions } from '../orders/order-event.ts';
import { type CachedOrder, cachedOrderSchema } from './cached-order.ts';

export interface OrderPage {
  readonly orders: readonly CachedOrder[];
  /** Numbers of rows that are no orders as we know them. */
  readonly unreadable: readonly string[];
  /** The last order of the page; undefined when there are no more. */
  readonly next: string | undefined;
}

/** The orders table, page by page, in an order of its own that stays the same. */
export interface StoredOrders {
  /** After the order of that number, which need not exist any more. Each order MUST be as it is now, not as it was. */
  page(after: string | undefined, limit: number): Promise<OrderPage>;
  /** How many there were some hours ago: DynamoDB counts about every six (API reference, TableDescription). */
  roughCount(): Promise<number>;
}

const versions: Readonly<Record<OrderState, number>> = orderVersions;

const rowSchema = z
  .object({
    out_trade_no: z.string(),
    state: z.enum(Object.keys(orderVersions) as [OrderState, ...OrderState[]]),
    amount_total: z.int(),
    currency: z.string(),
    transaction_id: z.string().optional(),
  })
  // As the event of its last change told it: the state says how many changes there were.
  .transform(({ out_trade_no, state, amount_total, currency, transaction_id }) => ({
    out_trade_no,
    state,
    version: versions[state],
    amount: { total: amount_total, currency },
    ...(transaction_id !== undefined && { transaction_id }),
  }))
  .pipe(cachedOrderSchema);

export function createStoredOrders(client: DynamoDBDocumentClient, table: string): StoredOrders {
  return {
    async roughCount() {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      return Table?.ItemCount ?? 0;
    },

    async page(after, limit) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          Limit: limit,
          ConsistentRead: true,
          ...(after !== undefined && { ExclusiveStartKey: { out_trade_no: after } }),
        }),
      );
      const rows = Items.map((item) => ({ item, parsed: rowSchema.safeParse(item) }));
      return {
        orders: rows.flatMap(({ parsed }) => (parsed.success ? [parsed.data] : [])),
        unreadable: rows.flatMap(({ item, parsed }) => (parsed.success ? [] : [String(item['out_trade_no'])])),
        next: z.string().optional().parse(LastEvaluatedKey?.['out_trade_no']),
      };
    },
  };
}
