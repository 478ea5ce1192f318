import type { OrderEvent } from '../shared/orders/order-event.ts';

export type EntryResult =
  /** The ledger has it now. */
  | { readonly outcome: 'written' }
  /** It had this version, or a later one, before. */
  | { readonly outcome: 'known' }
  /** It has other content under this version, or can never have this entry. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** Nothing is known, or somebody else was writing: the next try tells. */
  | { readonly outcome: 'unwritten'; readonly cause: unknown };

/**
 * One entry per order, as the order last was. `upsertAll` MUST insert what is not there, MUST update what is older, and MUST leave alone what is
 * not older, whatever comes in whatever order and how often. One result for each event, in their order; each order at most once.
 */
export interface LedgerStore {
  upsertAll(events: readonly OrderEvent[]): Promise<readonly EntryResult[]>;
}
