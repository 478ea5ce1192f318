import type { Balances, CountedEntry } from '../../../../lambdas/shared/balances/balances.ts';

/** Counts in memory, as the port demands; refuses the orders it is told to. */
export class MemoryBalances implements Balances {
  readonly counted = new Map<string, CountedEntry>();
  readonly refused = new Set<string>();

  async count(entry: CountedEntry) {
    if (this.refused.has(entry.out_trade_no)) throw new Error('the table does not answer');
    const before = this.counted.get(entry.out_trade_no);
    if (before && before.version >= entry.version) return 'known';
    this.counted.set(entry.out_trade_no, entry);
    return 'counted';
  }

  received(): number {
    return [...this.counted.values()].reduce((sum, { received }) => sum + received, 0);
  }
}
