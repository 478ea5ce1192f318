import type { BatchConsumer } from '../shared/consumer/consumer.ts';
import { RetryableError } from '../shared/consumer/errors.ts';
import { cachedOrderOf } from '../shared/order-cache/cached-order.ts';
import type { OrderCache } from '../shared/order-cache/order-cache.ts';
import { type OrderEvent, orderEventSchema } from '../shared/orders/order-event.ts';

export interface OrderCacheConsumerDeps {
  readonly cache: Pick<OrderCache, 'put'>;
}

/**
 * The newest version of each order that was told, in the cache. A batch together, at once: a cache that is silent costs it one wait, not ten.
 * So there is no outer door, and an event that is published again mends what the cache has lost.
 */
export function createOrderCacheConsumer({ cache }: OrderCacheConsumerDeps): BatchConsumer<OrderEvent> {
  return {
    queue: 'order-cache.updates',
    schema: orderEventSchema,
    async handleAll(deliveries) {
      const puts = await Promise.allSettled(deliveries.map(({ body }) => cache.put(cachedOrderOf(body))));
      return puts.map((put, at) => {
        if (put.status === 'rejected') return retry(put.reason);
        const { body, log } = deliveries[at] ?? {};
        const event = put.value === 'stored' ? 'order cached' : 'newer order is cached';
        log?.info(event, { out_trade_no: body?.out_trade_no, version: body?.version });
        return undefined;
      });
    },
  };
}

function retry(error: unknown): RetryableError {
  return error instanceof RetryableError ? error : new RetryableError('the order was not cached', { cause: error });
}
