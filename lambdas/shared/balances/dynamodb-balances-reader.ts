import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type BatchGetDeps, batchGet } from '../aws/batch-get.ts';
import type { CounterTotals } from '../sharded-counter/sharded-counter.ts';
import { type BalancesReader, countedEntrySchema } from './balances.ts';
import { moneySchema } from './money.ts';

export function createDynamoDbBalancesReader(
  client: DynamoDBDocumentClient,
  { totals, ...deps }: BatchGetDeps & { readonly totals: CounterTotals['totals'] },
): BalancesReader {
  return {
    async balances() {
      return new Map([...(await totals())].map(([currency, sums]) => [currency, moneySchema.parse(sums)]));
    },
    async counted(orders) {
      const keys = orders.map((out_trade_no) => ({ out_trade_no }));
      return (await batchGet(client, keys, deps)).map((item) => countedEntrySchema.parse(item));
    },
  };
}
