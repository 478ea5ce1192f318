import type { OutboxMessage } from '../outbox/outbox-message.ts';
import { eventMessage } from './event-message.ts';
import type { Order } from './order.ts';
import { type OrderEvent, type OrderState, orderVersions } from './order-event.ts';

const routingKeys = {
  PAYING: 'order.created',
  PAID: 'order.paid',
  CLOSED: 'order.closed',
  REFUNDING: 'order.refunding',
  REFUNDED: 'order.refunded',
} as const satisfies Record<OrderState, string>;

/** What is told of an order that was just moved: as it is now. */
export function orderMessage(order: Order, eventId: string, now: Date): OutboxMessage {
  const { out_trade_no, state, transaction_id, amount_total, currency, items } = order;
  const event: OrderEvent = {
    out_trade_no,
    state,
    version: orderVersions[state],
    amount: { total: amount_total, currency },
    ...(items && { items }),
    ...(transaction_id !== undefined && { transaction_id }),
    changed_at: changedAt(order, now),
  };
  return eventMessage(
    { aggregate: `order#${out_trade_no}`, routingKey: routingKeys[state], payload: event },
    eventId,
    now,
  );
}

/** WeChat Pay's own time of what it told; the time of the decision for what was decided here. */
function changedAt(order: Order, now: Date): string {
  switch (order.state) {
    case 'PAID':
      return order.paid_at;
    case 'CLOSED':
      return order.closed_at;
    case 'REFUNDED':
      return order.refunded_at;
    case 'PAYING':
    case 'REFUNDING':
      return now.toISOString();
    default:
      throw new Error(`no time for ${order satisfies never}`);
  }
}
