import type { Consumer } from '../shared/consumer/consumer.ts';
import { type MoveOrderDeps, moveOrder } from '../shared/orders/move-order.ts';
import { type OrderCreated, orderCreatedSchema } from '../shared/orders/order-event.ts';
import { overdueChange } from '../shared/orders/overdue-change.ts';

/** Closes an order that is not paid when `order.created` comes back from the payment window, and publishes `order.closed`. */
export function createOrderTimeoutsConsumer(deps: MoveOrderDeps): Consumer<OrderCreated> {
  return {
    queue: 'orders.timeouts',
    schema: orderCreatedSchema,
    businessKey: ({ out_trade_no }) => `order:${out_trade_no}:payment.overdue`,
    comparable: ({ amount }) => [amount.total, amount.currency],
    async handle({ body, log }) {
      const { outcome, order } = await moveOrder(overdueChange(body, deps.now()), deps);
      log.info(outcome === 'moved' ? 'order closed' : 'order needs no closing', {
        out_trade_no: order.out_trade_no,
        state: order.state,
      });
    },
  };
}
