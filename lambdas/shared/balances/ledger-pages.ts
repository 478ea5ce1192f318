import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { createTablePages, type TablePages } from '../aws/table-pages.ts';
import { orderEventSchema } from '../orders/order-event.ts';

// One that was written by hand may have no time of its own.
const entrySchema = orderEventSchema.extend({ recorded_at: z.string().optional() });

/** As the ledger keeps it. */
export type LedgerEntry = Readonly<z.infer<typeof entrySchema>>;

/** The ledger; each of its keys is an order. */
export type LedgerPages = TablePages<LedgerEntry>;

export function createLedgerPages(client: DynamoDBDocumentClient, table: string): LedgerPages {
  return createTablePages(client, { table, key: 'out_trade_no', schema: entrySchema });
}
