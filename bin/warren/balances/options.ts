import type { BalancesReader } from '../../../lambdas/shared/balances/balances.ts';
import type { LedgerPages } from '../../../lambdas/shared/balances/ledger-pages.ts';

/** What of a stage is looked at. */
export interface ReachedBalances {
  readonly balances: BalancesReader;
  readonly ledger: LedgerPages;
}

/** What a run needs of the world. */
export interface BalancesDeps {
  /** Throws a `UsageError` when the stage keeps no balance. */
  readonly reach: (stage: string) => Promise<ReachedBalances>;
  /** In milliseconds. */
  readonly now: () => number;
}

export interface BalancesOptions {
  readonly stage: string;
  /** Sum up the ledger, and compare. */
  readonly check: boolean;
  readonly json: boolean;
}
