import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { OwnWrite } from '../aws/transaction.ts';
import type { Addition, ShardedCounter } from '../sharded-counter/sharded-counter.ts';
import { type Balances, type CountedEntry, countedEntrySchema } from './balances.ts';
import { isNothing, minus, noMoney, plus } from './money.ts';

export interface DynamoDbBalancesDeps {
  readonly counter: ShardedCounter;
  /** Of counted entries: partition key `out_trade_no`. */
  readonly entriesTable: string;
}

/** Others were counting the same entry, each time it was tried. */
export class EntryBusyError extends Error {
  override readonly name = 'EntryBusyError';

  constructor(out_trade_no: string) {
    super(`entry ${out_trade_no} is being counted by others: it must be told again`);
  }
}

/** Each try that is refused has another version counted meanwhile, and an order has four. */
const mostTries = 5;

/** The note of what is counted of an entry is written on condition that it is as it was read, and the balance in the same transaction. */
export function createDynamoDbBalances(
  client: DynamoDBDocumentClient,
  { counter, entriesTable }: DynamoDbBalancesDeps,
): Balances {
  return {
    async count(entry) {
      for (let attempt = 1; attempt <= mostTries; attempt++) {
        const before = await find(entry.out_trade_no);
        if (before && before.version >= entry.version) return 'known';
        if (!before && isNothing(entry)) return 'nothing';
        const { outcome } = await counter.add(differences(before, entry), [putOf(entry, before, entriesTable)]);
        if (outcome === 'added') return 'counted';
      }
      throw new EntryBusyError(entry.out_trade_no);
    },
  };

  async function find(out_trade_no: string): Promise<CountedEntry | undefined> {
    const { Item } = await client.send(
      new GetCommand({ TableName: entriesTable, Key: { out_trade_no }, ConsistentRead: true }),
    );
    return Item && countedEntrySchema.parse(Item);
  }
}

/** A counter for each currency. An order keeps its own: whoever changes it by hand moves the money from one to the other. */
function differences(before: CountedEntry | undefined, after: CountedEntry): Addition[] {
  if (!before) return [{ counter: after.currency, sums: plus(noMoney, after) }];
  if (before.currency === after.currency) return [{ counter: after.currency, sums: minus(after, before) }];
  return [
    { counter: before.currency, sums: minus(noMoney, before) },
    { counter: after.currency, sums: plus(noMoney, after) },
  ];
}

function putOf(Item: CountedEntry, before: CountedEntry | undefined, TableName: string): OwnWrite {
  if (!before) return { Put: { TableName, Item, ConditionExpression: 'attribute_not_exists(out_trade_no)' } };
  return {
    Put: {
      TableName,
      Item,
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': before.version },
    },
  };
}
