import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

export interface TablePage<Row> {
  readonly rows: readonly Row[];
  /** Keys of items that are no such rows. */
  readonly unreadable: readonly string[];
  /** The last key of the page; undefined when there are no more. */
  readonly next: string | undefined;
}

/** A table, page by page, in an order of its own that stays the same. */
export interface TablePages<Row> {
  /** After the item of that key, which need not exist any more. Each row MUST be as it is now, not as it was. */
  page(after: string | undefined, limit: number): Promise<TablePage<Row>>;
  /** How many there were some hours ago: DynamoDB counts about every six (API reference, TableDescription). */
  roughCount(): Promise<number>;
}

export interface TablePagesOptions<Row> {
  readonly table: string;
  /** Its partition key, a string, and all of its key. */
  readonly key: string;
  readonly schema: z.ZodType<Row>;
}

export function createTablePages<Row>(
  client: DynamoDBDocumentClient,
  { table, key, schema }: TablePagesOptions<Row>,
): TablePages<Row> {
  return {
    async page(after, limit) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          Limit: limit,
          ConsistentRead: true,
          ...(after !== undefined && { ExclusiveStartKey: { [key]: after } }),
        }),
      );
      const read = Items.map((item) => ({ item, parsed: schema.safeParse(item) }));
      return {
        rows: read.flatMap(({ parsed }) => (parsed.success ? [parsed.data] : [])),
        unreadable: read.flatMap(({ item, parsed }) => (parsed.success ? [] : [String(item[key])])),
        next: z.string().optional().parse(LastEvaluatedKey?.[key]),
      };
    },
    async roughCount() {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
      return Table?.ItemCount ?? 0;
    },
  };
}
