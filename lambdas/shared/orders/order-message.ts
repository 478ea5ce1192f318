import type { OutboxMessage } from '../outbox/outbox-message.ts';
import { eventMessage } from './event-message.ts';
import type { ChangedOrder, Order } from './order.ts';
import { type OrderEvent, type OrderState, orderVersions } from './order-event.ts';

/** What is told of an order in each state: routing key, and type. */
export const orderEventTypes = {
  PAYING: 'order.created',
  PAID: 'order.paid',
  CLOSED: 'order.closed',
  REFUNDING: 'order.refunding',
  REFUNDED: 'order.refunded',
} as const satisfies Record<OrderState, string>;

/** The order that has just come into its state, with the time of that. It is what is stored, and what is told. */
export function asChanged<State extends Order>(order: State, now: Date): State & Pick<ChangedOrder, 'changed_at'> {
  return { ...order, changed_at: timeOfState(order) ?? now.toISOString() };
}

/** What is told of an order that was just moved: as it is now. */
export function orderMessage(order: ChangedOrder, eventId: string, now: Date): OutboxMessage {
  const { out_trade_no, state, changed_at } = order;
  const payload: OrderEvent = { ...factsOf(order), changed_at };
  return eventMessage(
    { aggregate: `order#${out_trade_no}`, routingKey: orderEventTypes[state], payload },
    eventId,
    now,
  );
}

/** What was told when the order came into its state. Nobody knows that time of some orders that were stored before it was: null. */
export function lastEventOf(order: Order): Omit<OrderEvent, 'changed_at'> & { readonly changed_at: string | null } {
  return { ...factsOf(order), changed_at: timeOfState(order) ?? order.changed_at ?? null };
}

function factsOf({
  out_trade_no,
  state,
  transaction_id,
  amount_total,
  currency,
  items,
}: Order): Omit<OrderEvent, 'changed_at'> {
  return {
    out_trade_no,
    state,
    version: orderVersions[state],
    amount: { total: amount_total, currency },
    ...(items && { items }),
    ...(transaction_id !== undefined && { transaction_id }),
  };
}

/** WeChat Pay's own time of what it told; of what was decided here, the order remembers none by itself. */
function timeOfState(order: Order): string | undefined {
  switch (order.state) {
    case 'PAID':
      return order.paid_at;
    case 'CLOSED':
      return order.closed_at;
    case 'REFUNDED':
      return order.refunded_at;
    case 'PAYING':
    case 'REFUNDING':
      return undefined;
    default:
      throw new Error(`no time for ${order satisfies never}`);
  }
}
