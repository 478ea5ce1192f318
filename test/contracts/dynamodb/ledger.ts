import { randomUUID } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbLedgerStore } from '../../../lambdas/ledger/dynamodb-ledger-store.ts';
import { type OrderEvent, orderVersions } from '../../../lambdas/shared/orders/order-event.ts';
import { now } from '../../unit/lambdas/builders.ts';
import type { Check } from '../check.ts';
import { tableFor } from './tables.ts';

/** As long as an order's number may be. */
const newNumber = () => randomUUID().slice(0, 32);

/** The versioned upserts of the worked example's ledger, a batch in one transaction. */
export function ledgerContract(documents: DynamoDBDocumentClient, check: Check = it): void {
  describe('entries of the ledger', () => {
    const table = tableFor(documents, 'out_trade_no');
    const upsertAll = (...events: OrderEvent[]) =>
      createDynamoDbLedgerStore(documents, { table: table.name, now: () => now }).upsertAll(events);
    const event = (out_trade_no: string, state: 'PAYING' | 'PAID', total = 8800): OrderEvent => ({
      out_trade_no,
      state,
      version: orderVersions[state],
      amount: { total, currency: 'CNY' },
      changed_at: now.toISOString(),
    });
    const stateOf = async (number: string) =>
      (await table.items()).find(({ out_trade_no }) => out_trade_no === number)?.['state'];
    const outcomes = (results: readonly { readonly outcome: string }[]) => results.map(({ outcome }) => outcome);

    check('are never replaced by an older version, and those beside it are written all the same', async () => {
      const [older, newer, fresh, same] = [newNumber(), newNumber(), newNumber(), newNumber()];
      await upsertAll(event(older, 'PAID'), event(newer, 'PAYING'), event(same, 'PAID'));

      const results = await upsertAll(
        event(older, 'PAYING'),
        event(newer, 'PAID'),
        event(fresh, 'PAYING'),
        event(same, 'PAID'),
      );

      expect(outcomes(results)).toEqual(['known', 'written', 'written', 'known']);
      expect(await Promise.all([older, newer, fresh].map(stateOf))).toEqual(['PAID', 'PAID', 'PAYING']);
    });

    check('of one version and other content are refused, and the first stays', async () => {
      const [number, beside] = [newNumber(), newNumber()];
      await upsertAll(event(number, 'PAID'));

      expect(outcomes(await upsertAll(event(number, 'PAID', 1), event(beside, 'PAID')))).toEqual([
        'refused',
        'written',
      ]);
      expect((await table.items()).find(({ out_trade_no }) => out_trade_no === number)).toMatchObject({
        amount: { total: 8800 },
      });
    });

    check('are as the newest version says, however the versions come at the same moment', async () => {
      const number = newNumber();

      const results = await Promise.all(
        Array.from({ length: 10 }, (_, at) => upsertAll(event(number, at === 4 ? 'PAID' : 'PAYING'))),
      );

      expect(outcomes(results[4] ?? [])).toEqual(['written']);
      expect(await stateOf(number)).toBe('PAID');
    });
  });
}
