import pMap from 'p-map';
import type { OrderCache, PutOutcome } from '../shared/order-cache/order-cache.ts';
import { type RebuildAnswer, rebuildRequestSchema } from '../shared/order-cache/rebuild-contract.ts';
import type { StoredOrders } from '../shared/order-cache/stored-orders.ts';
import type { Log } from '../shared/telemetry/telemetry.ts';

export interface HandlerDeps {
  readonly orders: StoredOrders;
  readonly cache: Pick<OrderCache, 'put'>;
  readonly log: Log;
}

/** Puts at once: Valkey takes them one behind the other on one connection, DynamoDB on as many as the SDK opens. */
const concurrency = 20;

/** One page of the orders table, put into the cache. Throws when the cache refuses one of them: the same page may be asked for again. */
export function createHandler({ orders, cache, log }: HandlerDeps) {
  return async (event: unknown): Promise<RebuildAnswer> => {
    const { after, limit } = rebuildRequestSchema.parse(event);
    const roughTotal = after === undefined ? await orders.roughCount() : undefined;
    const page = await orders.page(after, limit);
    const outcomes = await pMap(page.rows, (order) => cache.put(order), { concurrency });
    const count = (outcome: PutOutcome): number => outcomes.filter((one) => one === outcome).length;
    const counts = { stored: count('stored'), kept: count('kept') };
    log.info('page put into the order cache', { ...counts, unreadable: page.unreadable.length });
    return { ...counts, unreadable: [...page.unreadable], roughTotal, next: page.next };
  };
}
