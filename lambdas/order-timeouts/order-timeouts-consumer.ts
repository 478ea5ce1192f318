import type { Consumer } from '../shared/consumer/consumer.ts';
import { type CloseUnpaidDeps, closeUnpaid } from '../shared/orders/close-unpaid.ts';
import { type MoveOrderDeps, moveOrder } from '../shared/orders/move-order.ts';
import { type OrderCreated, orderCreatedSchema } from '../shared/orders/order-event.ts';
import { overdueChange } from '../shared/orders/overdue-change.ts';

/** `wechatPay`: who is asked to close it first. Absent: nobody, it is closed here alone. */
export interface OrderTimeoutsDeps extends MoveOrderDeps {
  readonly wechatPay?: Pick<CloseUnpaidDeps, 'api' | 'tell'> | undefined;
}

/**
 * Closes an order that is not paid when `order.created` comes back from the payment window, at WeChat Pay first, and publishes `order.closed`. One
 * that is paid meanwhile is told to be.
 */
export function createOrderTimeoutsConsumer(deps: OrderTimeoutsDeps): Consumer<OrderCreated> {
  return {
    queue: 'orders.timeouts',
    schema: orderCreatedSchema,
    businessKey: ({ out_trade_no }) => `order:${out_trade_no}:payment.overdue`,
    comparable: ({ amount }) => [amount.total, amount.currency],
    async handle({ body, log, deadline }) {
      const change = overdueChange(body, deps.now());
      const { wechatPay } = deps;
      const { outcome } = wechatPay
        ? await closeUnpaid(change, { ...deps, ...wechatPay }, deadline)
        : await moveOrder(change, deps);
      log.info('time to pay is over', { out_trade_no: body.out_trade_no, outcome });
    },
  };
}
