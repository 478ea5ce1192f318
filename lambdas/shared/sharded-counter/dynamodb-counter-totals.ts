import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type BatchGetDeps, batchGet } from '../aws/batch-get.ts';
import { idOfShard, sumPrefix } from './shard.ts';
import { type CounterTotals, mostShards, type Sums } from './sharded-counter.ts';

/** Sums up what a counter was spread over, whatever number of shards it has by now. Of one counter it asks for all the keys that it may have. */
export function createDynamoDbCounterTotals(client: DynamoDBDocumentClient, deps: BatchGetDeps): CounterTotals {
  return {
    async total(counter) {
      const keys = Array.from({ length: mostShards }, (_, shard) => ({ id: idOfShard(counter, shard) }));
      return sumOf((await batchGet(client, keys, deps)).map(shardOf));
    },

    async totals() {
      const found: Shard[] = [];
      const pages = paginateScan({ client }, { TableName: deps.table, ConsistentRead: true });
      for await (const { Items = [] } of pages) found.push(...Items.map(shardOf));
      const byCounter = Map.groupBy(found, ({ counter }) => counter);
      return new Map([...byCounter].map(([counter, some]) => [counter, sumOf(some)]));
    },
  };
}

const shardSchema = z.object({ counter: z.string() }).catchall(z.unknown());

interface Shard {
  readonly counter: string;
  readonly sums: Sums;
}

function shardOf(item: unknown): Shard {
  const { counter, ...others } = shardSchema.parse(item);
  const sums = Object.entries(others).filter(([name]) => name.startsWith(sumPrefix));
  return {
    counter,
    sums: Object.fromEntries(sums.map(([name, sum]) => [name.slice(sumPrefix.length), z.int().parse(sum)])),
  };
}

function sumOf(shards: readonly Shard[]): Sums {
  const total: Record<string, number> = {};
  for (const [name, sum] of shards.flatMap(({ sums }) => Object.entries(sums))) total[name] = (total[name] ?? 0) + sum;
  return total;
}
