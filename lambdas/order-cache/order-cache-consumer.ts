import type { Consumer } from '../shared/consumer/consumer.ts';
import { cachedOrderOf } from '../shared/order-cache/cached-order.ts';
import type { OrderCache } from '../shared/order-cache/order-cache.ts';
import { type OrderEvent, orderEventSchema } from '../shared/orders/order-event.ts';

export interface OrderCacheConsumerDeps {
  readonly cache: Pick<OrderCache, 'put'>;
}

/** The newest version of each order that was told, in the cache. */
export function createOrderCacheConsumer({ cache }: OrderCacheConsumerDeps): Consumer<OrderEvent> {
  return {
    queue: 'order-cache.updates',
    schema: orderEventSchema,
    // Each version is an effect of its own: a cache that is wiped between two of them gets the later one.
    businessKey: ({ out_trade_no, version }) => `order:${out_trade_no}:${version}`,
    comparable: ({ state, amount, transaction_id = '' }) => [state, amount.total, amount.currency, transaction_id],
    async handle({ body: event, log }) {
      const { out_trade_no, version } = event;
      const outcome = await cache.put(cachedOrderOf(event));
      log.info(outcome === 'stored' ? 'order cached' : 'newer order is cached', { out_trade_no, version });
    },
  };
}
