import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { seededRandom } from '../../../bin/warren/random.ts';
import { asCounted } from '../../../lambdas/shared/balances/balances.ts';
import { createDynamoDbBalances } from '../../../lambdas/shared/balances/dynamodb-balances.ts';
import { createDynamoDbBalancesReader } from '../../../lambdas/shared/balances/dynamodb-balances-reader.ts';
import { type OrderState, orderVersions } from '../../../lambdas/shared/orders/order-event.ts';
import { createDynamoDbCounterTotals } from '../../../lambdas/shared/sharded-counter/dynamodb-counter-totals.ts';
import { createDynamoDbShardedCounter } from '../../../lambdas/shared/sharded-counter/dynamodb-sharded-counter.ts';
import { shuffled } from '../../support/shuffled.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** The balances of the worked example's ledger. */
export function balancesContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('the balances of the ledger', () => {
    const table = tableFor(documents, 'id');
    const entries = tableFor(documents, 'out_trade_no');
    const given = () => {
      const patience = { maxAttempts: 20, sleep: async () => {} };
      const counter = createDynamoDbShardedCounter(documents, {
        table: table.name,
        shards: 4,
        random: seededRandom(3),
        ...patience,
      });
      const { totals } = createDynamoDbCounterTotals(documents, { table: table.name, ...patience });
      const reader = createDynamoDbBalancesReader(documents, { totals, table: entries.name, ...patience });
      return {
        ...createDynamoDbBalances(documents, { counter, entriesTable: entries.name }),
        ...reader,
        balanceOf: async (currency: string) => (await reader.balances()).get(currency),
      };
    };
    const newOrder = () => randomUUID().slice(0, 32);
    const newCurrency = () => randomUUID().slice(0, 8);
    const entry = (out_trade_no: string, state: OrderState, currency: string, total = 8800) =>
      asCounted({ out_trade_no, state, version: orderVersions[state], amount: { total, currency } });

    check(
      'are what the newest entries say, in whatever order their versions come, three times each, at once',
      async () => {
        const { count, balanceOf } = given();
        const currency = newCurrency();
        const ends = ['PAYING', 'PAID', 'REFUNDING', 'REFUNDED'] as const;
        const told = ends.flatMap((_, last) => {
          const order = newOrder();
          return ends.slice(0, last + 1).map((state) => entry(order, state, currency, 100 * (last + 1)));
        });
        const waiting = shuffled([...told, ...told, ...told], seededRandom(11));

        for (let at = 0; at < waiting.length; at += 6) await Promise.all(waiting.slice(at, at + 6).map(count));

        expect(await balanceOf(currency)).toEqual({ received: 900, on_its_way_back: 300, sent_back: 400 });
      },
    );

    check('make up for a version that was never told', async () => {
      const { count, balanceOf } = given();
      const [order, currency] = [newOrder(), newCurrency()];

      expect(await count(entry(order, 'REFUNDED', currency))).toBe('counted');
      expect(await count(entry(order, 'PAID', currency))).toBe('known');

      expect(await balanceOf(currency)).toEqual({ received: 8800, on_its_way_back: 0, sent_back: 8800 });
    });

    check('write nothing of an order that has no money', async () => {
      const { count, counted, balanceOf } = given();
      const [order, currency] = [newOrder(), newCurrency()];

      expect(await count(entry(order, 'CLOSED', currency))).toBe('nothing');

      expect(await balanceOf(currency)).toBeUndefined();
      expect(await counted([order])).toEqual([]);
    });

    check('move with an order whose currency somebody has changed', async () => {
      const { count, counted, balanceOf } = given();
      const [order, before, after] = [newOrder(), newCurrency(), newCurrency()];
      await count(entry(order, 'PAID', before));

      await count(entry(order, 'REFUNDING', after));

      expect(await balanceOf(before)).toEqual({ received: 0, on_its_way_back: 0, sent_back: 0 });
      expect(await balanceOf(after)).toEqual({ received: 8800, on_its_way_back: 8800, sent_back: 0 });
      expect(await counted([order])).toEqual([entry(order, 'REFUNDING', after)]);
    });
  });
}
