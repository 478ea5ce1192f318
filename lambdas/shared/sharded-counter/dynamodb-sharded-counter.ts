import { type DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { cancellationOf, type OwnWrite } from '../aws/transaction.ts';
import { CounterBusyError, ShardsError } from './errors.ts';
import { idOfShard, sumPrefix } from './shard.ts';
import { type Addition, mostShards, type ShardedCounter } from './sharded-counter.ts';

export interface DynamoDbShardedCounterDeps {
  /** With the key `id`, a string. */
  readonly table: string;
  /** What is added goes to one of so many items. It may be changed at any time: all that ever were are read. */
  readonly shards: number;
  /** At least 0, below 1: chooses the shard. */
  readonly random: () => number;
  /** Tries of a transaction that conflicts with another, the first included. */
  readonly maxAttempts: number;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
}

/**
 * A counter is up to a hundred items, each under a partition key of its own, in a table with the key `id`. A partition takes 1,000 write units a
 * second, and in a transaction an item of up to 1 KB costs two: some 500 additions per shard and second, less where they conflict.
 */
export function createDynamoDbShardedCounter(
  client: DynamoDBDocumentClient,
  deps: DynamoDbShardedCounterDeps,
): ShardedCounter {
  const { table, shards, random, sleep, maxAttempts } = deps;
  if (!Number.isInteger(shards) || shards < 1 || shards > mostShards) throw new ShardsError(shards);
  return {
    async add(additions, once) {
      const changes = additions.map(withoutZeros).filter(({ sums }) => Object.keys(sums).length > 0);
      for (let attempt = 1; ; attempt++) {
        // Another one after a conflict.
        const shard = Math.floor(random() * shards);
        const TransactItems = [...once, ...changes.map((one) => updateOf(one, table, shard))];
        const cancelled = await cancellationOf(client.send(new TransactWriteCommand({ TransactItems })));
        if (!cancelled) return { outcome: 'added' };
        const { CancellationReasons: reasons = [] } = cancelled;
        const codes = reasons.flatMap(({ Code = 'None' }) => (Code === 'None' ? [] : [Code]));
        if (codes.includes('ConditionalCheckFailed'))
          return { outcome: 'refused', reasons: reasons.slice(0, once.length) };
        if (codes.includes('ValidationError')) throw cancelled;
        if (attempt >= maxAttempts) throw new CounterBusyError(codes, attempt, cancelled);
        await sleep(random() * 20 * 2 ** attempt);
      }
    },
  };
}

function withoutZeros({ counter, sums }: Addition): Addition {
  return { counter, sums: Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0)) };
}

function updateOf({ counter, sums }: Addition, TableName: string, shard: number): OwnWrite {
  const added = Object.entries(sums);
  return {
    Update: {
      TableName,
      Key: { id: idOfShard(counter, shard) },
      UpdateExpression: `SET #counter = :counter ADD ${added.map((_, at) => `#${at} :${at}`).join(', ')}`,
      ExpressionAttributeNames: {
        '#counter': 'counter',
        ...Object.fromEntries(added.map(([name], at) => [`#${at}`, `${sumPrefix}${name}`])),
      },
      ExpressionAttributeValues: {
        ':counter': counter,
        ...Object.fromEntries(added.map(([, sum], at) => [`:${at}`, sum])),
      },
    },
  };
}
