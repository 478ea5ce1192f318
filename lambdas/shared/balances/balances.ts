import { z } from 'zod';
import type { OrderEvent } from '../orders/order-event.ts';
import { type Money, moneyOf, moneySchema } from './money.ts';

/** What of an entry of the ledger is in the balance. */
export const countedEntrySchema = moneySchema.extend({
  out_trade_no: z.string(),
  /** Of the entry. */
  version: z.int(),
  currency: z.string(),
});

export type CountedEntry = Readonly<z.infer<typeof countedEntrySchema>>;

export function asCounted(entry: Pick<OrderEvent, 'out_trade_no' | 'version' | 'state' | 'amount'>): CountedEntry {
  const { out_trade_no, version, amount } = entry;
  return { out_trade_no, version, currency: amount.currency, ...moneyOf(entry) };
}

/** `nothing`: it has no money, and never had. */
export type CountOutcome = 'counted' | 'known' | 'nothing';

/** Of each currency, what all entries of the ledger say of money. */
export interface Balances {
  /**
   * The balance MUST change by the difference between this version of the entry and the last one that was counted, once, whoever tells it in whatever
   * order and how often. So an entry that was missed is made up for by its next version, and by being told again.
   */
  count(entry: CountedEntry): Promise<CountOutcome>;
}

export interface BalancesReader {
  /** By currency. */
  balances(): Promise<ReadonlyMap<string, Money>>;
  /** What of these orders is counted, in any order; those of which nothing is are left out. */
  counted(orders: readonly string[]): Promise<readonly CountedEntry[]>;
}
