import { type DynamoDBDocumentClient, paginateScan, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';

type Item = NonNullable<ScanCommandOutput['Items']>[number];

/** All of a table: one scan answers 1 MB at most, and other tests have filled it, too. */
export async function allItems(client: DynamoDBDocumentClient, TableName: string): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true }))
    items.push(...Items);
  return items;
}
