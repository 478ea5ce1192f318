import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export interface BatchGetDeps {
  readonly table: string;
  /** Reads of what DynamoDB does not hand out at once, the first included. */
  readonly maxAttempts: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

type Item = Record<string, unknown>;
/** As DynamoDB has it: no number loses a digit. */
type Attributes = Record<string, AttributeValue>;

interface Asked<Key> {
  readonly RequestItems: Record<string, { Keys: Key[]; ConsistentRead: true }>;
}

interface Answered<Key> {
  readonly Responses?: Record<string, Key[]> | undefined;
  readonly UnprocessedKeys?: Record<string, { Keys?: Key[] | undefined }> | undefined;
}

/** DynamoDB did not hand out items, however often it was asked. */
export class ItemsNotReadError extends Error {
  override readonly name = 'ItemsNotReadError';

  constructor(table: string, items: number, attempts: number) {
    super(`DynamoDB did not hand out ${items} items of ${table} in ${attempts} reads`);
  }
}

/** Of one BatchGetItem, which also answers 16 MB at most; it names the keys it did not come to (DynamoDB API reference, BatchGetItem). */
const mostKeys = 100;

/** The items under these keys as they are now, in any order; those that are not there are left out. Throws an `ItemsNotReadError`. */
export function batchGet(client: DynamoDBDocumentClient, keys: readonly Item[], deps: BatchGetDeps): Promise<Item[]> {
  return allUnder<Item>(keys, deps, (asked) => client.send(new BatchGetCommand(asked)));
}

/** The same, of a client that makes no values of what DynamoDB has. */
export function batchGetAttributes(
  client: DynamoDBClient,
  keys: readonly Attributes[],
  deps: BatchGetDeps,
): Promise<Attributes[]> {
  return allUnder<Attributes>(keys, deps, (asked) => client.send(new BatchGetItemCommand(asked)));
}

async function allUnder<Entry>(
  keys: readonly Entry[],
  { table, maxAttempts, sleep }: BatchGetDeps,
  send: (asked: Asked<Entry>) => Promise<Answered<Entry>>,
): Promise<Entry[]> {
  const items: Entry[] = [];
  let left = [...keys];
  for (let attempt = 1; left.length > 0; ) {
    const { Responses, UnprocessedKeys } = await send({
      RequestItems: { [table]: { Keys: left.slice(0, mostKeys), ConsistentRead: true } },
    });
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
