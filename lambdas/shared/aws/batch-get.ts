import { BatchGetCommand, type BatchGetCommandOutput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface BatchGetDeps {
  readonly table: string;
  /** Reads of what DynamoDB does not hand out at once, the first included. */
  readonly maxAttempts: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

type Item = Record<string, unknown>;

/** DynamoDB did not hand out items, however often it was asked. */
export class ItemsNotReadError extends Error {
  override readonly name = 'ItemsNotReadError';

  constructor(table: string, items: number, attempts: number) {
    super(`DynamoDB did not hand out ${items} items of ${table} in ${attempts} reads`);
  }
}

/** Of one BatchGetItem, which also answers 16 MB at most; it names the keys it did not come to (DynamoDB API reference, BatchGetItem). */
const mostKeys = 100;

/** The items under these keys as they are now, in any order; those that are not there are left out. */
export async function batchGet(
  client: DynamoDBDocumentClient,
  keys: readonly Item[],
  { table, maxAttempts, sleep }: BatchGetDeps,
): Promise<Item[]> {
  const items: Item[] = [];
  let left = [...keys];
  for (let attempt = 1; left.length > 0; ) {
    const { Responses, UnprocessedKeys }: BatchGetCommandOutput = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: left.slice(0, mostKeys), ConsistentRead: true } } }),
    );
    const found = Responses?.[table] ?? [];
    const unprocessed = UnprocessedKeys?.[table]?.Keys ?? [];
    items.push(...found);
    left = [...unprocessed, ...left.slice(mostKeys)];
    // Part of them is what 16 MB allow; none of them is a throttle.
    if (unprocessed.length === 0 || found.length > 0) continue;
    if (attempt >= maxAttempts) throw new ItemsNotReadError(table, left.length, attempt);
    await sleep(50 * 2 ** attempt++);
  }
  return items;
}
