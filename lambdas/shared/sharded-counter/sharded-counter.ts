import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import type { OwnWrite } from '../aws/transaction.ts';

/** What a counter sums, each under its name. Whole numbers, negative ones too. */
export type Sums = Readonly<Record<string, number>>;

export interface Addition {
  /** Its name. Counters come to be when they are added to. */
  readonly counter: string;
  readonly sums: Sums;
}

export type Added =
  | { readonly outcome: 'added' }
  /** A condition of the writes beside it does not hold: nothing is written. One reason per such write, in their order. */
  | { readonly outcome: 'refused'; readonly reasons: readonly CancellationReason[] };

/** Counters whose writes are spread over several items, so that no single one of them bounds how often can be added. */
export interface ShardedCounter {
  /**
   * MUST write the additions, at most one to each counter, and `once` in one transaction, or nothing of it. `once` are writes of which one has a
   * condition that does not hold a second time: a repeat, after whatever failure, is refused and counts nothing. A caller that has no such write takes
   * `tokenWrite`.
   */
  add(additions: readonly Addition[], once: readonly [OwnWrite, ...OwnWrite[]]): Promise<Added>;
}

export interface CounterTotals {
  /**
   * Everything that was added before it is asked MUST be in it. What is added meanwhile may be in it or not, each addition by itself: it is no picture
   * of one moment.
   */
  total(counter: string): Promise<Sums>;
  /** The totals of all counters, by name. */
  totals(): Promise<ReadonlyMap<string, Sums>>;
}

/** Asked for at once when a counter is read (DynamoDB API reference, BatchGetItem takes 100 keys). */
export const mostShards = 100;
