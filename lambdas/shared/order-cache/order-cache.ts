import type { CachedOrder } from './cached-order.ts';

/** `kept`: a newer version was there, and still is. */
export type PutOutcome = 'stored' | 'kept';

/**
 * Orders for quick reading, never proof of anything: all of it may vanish, or turn older, at any moment, and the orders table has it again.
 *
 * `put` MUST store the order unless a newer version is held, and MUST decide that and write it in one step, whoever else puts meanwhile. So
 * it may be repeated, and come in any order: the newest version of what was put stays. What is held of that key and is no order MUST be
 * overwritten. A stored order MUST go away by itself when its life is over; until then `get` MUST answer it.
 *
 * Both MUST throw when the cache refuses or does not answer in time, and MUST NOT say `stored` of what it did not confirm. Whoever threw may have stored it.
 */
export interface OrderCache {
  get(out_trade_no: string): Promise<CachedOrder | undefined>;
  put(order: CachedOrder): Promise<PutOutcome>;
}
