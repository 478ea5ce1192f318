import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type OrderEvent, orderEventSchema } from '../orders/order-event.ts';

const entrySchema = orderEventSchema.extend({ recorded_at: z.string() });

/** As the ledger keeps it. */
export type LedgerEntry = OrderEvent & { readonly recorded_at: string };

export interface LedgerPage {
  readonly entries: readonly LedgerEntry[];
  /** Orders whose entries are none as we know them. */
  readonly unreadable: readonly string[];
  /** The last order of the page; undefined when there are no more. */
  readonly next: string | undefined;
}

/** The ledger, page by page, in an order of its own that stays the same. */
export interface LedgerPages {
  /** After the entry of that order. Each entry MUST be as it is now. */
  page(after: string | undefined, limit: number): Promise<LedgerPage>;
  /** How many there were some hours ago: DynamoDB counts about every six (API reference, TableDescription). */
  roughCount(): Promise<number>;
}

export function createLedgerPages(client: DynamoDBDocumentClient, table: string): LedgerPages {
  return {
    async page(after, limit) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          Limit: limit,
          ConsistentRead: true,
          ...(after !== undefined && { ExclusiveStartKey: { out_trade_no: after } }),
        }),
      );
      const read = Items.map((item) => ({ item, parsed: entrySchema.safeParse(item) }));
      return {
        entries: read.flatMap(({ parsed }) => (parsed.success ? [parsed.data] : [])),
        unreadable: read.flatMap(({ item, parsed }) => (parsed.success ? [] : [String(item['out_trade_no'])])),
        next: z.string().optional().parse(LastEvaluatedKey?.['out_trade_no']),
      };
    },
    async roughCount() {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      return Table?.ItemCount ?? 0;
    },
  };
}
