import {
  type AttributeValue,
  type DynamoDBClient,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { batchGetAttributes } from '../aws/batch-get.ts';
import { cancellationOf } from '../aws/transaction.ts';
import type { DeclaredMove } from './env.ts';
import { createKeyMapping, type Key, keyText } from './key-mapping.ts';
import type { Side } from './move.ts';
import type { Fence, Item, MoveTables } from './move-tables.ts';

export interface MoveTablesDeps {
  /** Where the stamps are kept, beside the rows of moves. */
  readonly rows: string;
  /** Tries of a transaction that conflicts with another, and of reads that DynamoDB does not answer at once. */
  readonly maxAttempts: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  readonly now: () => Date;
}

/** A stream keeps a change for a day: a stamp that is older can be contradicted by none. */
const stampLifeSeconds = 7 * 86_400;

/** One transaction for each write: the item, and the stamp of its key, which says how far the stream has come for it. */
export function createDynamoDbMoveTables(client: DynamoDBClient, move: DeclaredMove, deps: MoveTablesDeps): MoveTables {
  const mapping = createKeyMapping(move.keys);
  const nameOf = (side: Side) => (side === 'source' ? move.sourceName : move.targetName);
  const at = (side: Side, key: Key) => valuesOf(side === 'source' ? key : mapping.toTarget(key));
  const ownKey = (side: Side, item: Item): Key =>
    side === 'source'
      ? textsOf(item, move.keys.source)
      : mapping.toSource(
          textsOf(
            item,
            move.keys.target.map(({ name }) => name),
          ),
        );
  const own = (item: Item): Item =>
    Object.fromEntries(Object.entries(item).filter(([name]) => !mapping.derived.includes(name)));
  const there = (side: Side, { key, item }: { key: Key; item: Item }): Item =>
    side === 'source' ? item : { ...item, ...at(side, key) };

  return {
    async page(side, after, limit) {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: nameOf(side),
          Limit: limit,
          ConsistentRead: true,
          ...(after && { ExclusiveStartKey: at(side, after) }),
        }),
      );
      return {
        items: Items.map((item) => ({ key: ownKey(side, item), item: side === 'source' ? item : own(item) })),
        next: LastEvaluatedKey && ownKey(side, LastEvaluatedKey),
      };
    },
    async read(side, keys) {
      const asked = keys.map((key) => at(side, key));
      const found = await batchGetAttributes(client, asked, { ...deps, table: nameOf(side) });
      return new Map(found.map((item) => [keyText(ownKey(side, item)), side === 'source' ? item : own(item)]));
    },
    async write(side, { key, item }, fence) {
      const TableName = nameOf(side);
      const change: TransactWriteItem = item
        ? { Put: { TableName, Item: there(side, { key, item }) } }
        : { Delete: { TableName, Key: at(side, key) } };
      return transact([stampOf(key, side, fence), change]);
    },
  };

  /** Every write of a key goes by its stamp, so that of two only one can be the later. */
  function stampOf(key: Key, side: Side, { epoch, sequence }: Fence): TransactWriteItem {
    const id = { S: `stamp#${move.table}#${side}#${epoch}#${keyText(key)}` };
    if (sequence === undefined) {
      return { ConditionCheck: { TableName: deps.rows, Key: { id }, ConditionExpression: 'attribute_not_exists(id)' } };
    }
    const expires_at = { N: String(Math.floor(deps.now().getTime() / 1_000) + stampLifeSeconds) };
    return {
      Put: {
        TableName: deps.rows,
        Item: { id, position: { S: positionOf(sequence) }, expires_at },
        ConditionExpression: 'attribute_not_exists(id) OR #position < :position',
        ExpressionAttributeNames: { '#position': 'position' },
        ExpressionAttributeValues: { ':position': { S: positionOf(sequence) } },
      },
    };
  }

  async function transact(TransactItems: TransactWriteItem[]): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      const cancelled = await cancellationOf(client.send(new TransactWriteItemsCommand({ TransactItems })));
      if (!cancelled) return true;
      if (cancelled.CancellationReasons?.[0]?.Code === 'ConditionalCheckFailed') return false;
      if (attempt >= deps.maxAttempts) throw cancelled;
      await deps.sleep(20 * 2 ** attempt);
    }
  }
}

/** As numbers of the stream compare: they are whole numbers of up to 40 digits (DynamoDB Streams API reference, StreamRecord). */
export function positionOf(sequence: string): string {
  return sequence.padStart(40, '0');
}

function valuesOf(key: Key): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, { S: value }]));
}

function textsOf(item: Item, names: readonly string[]): Key {
  return Object.fromEntries(names.map((name) => [name, item[name]?.S ?? '']));
}
