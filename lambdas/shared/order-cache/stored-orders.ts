import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { createTablePages, type TablePages } from '../aws/table-pages.ts';
import { type OrderState, orderVersions } from '../orders/order-event.ts';
import { type CachedOrder, cachedOrderSchema } from './cached-order.ts';

/** The orders table; each of its keys is an order. */
export type StoredOrders = TablePages<CachedOrder>;

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
  return createTablePages(client, { table, key: 'out_trade_no', schema: rowSchema });
}
