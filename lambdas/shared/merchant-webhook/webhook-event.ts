import type { Order } from '../orders/order.ts';
import type { OrderEvent } from '../orders/order-event.ts';
import { lastEventOf, orderEventTypes } from '../orders/order-message.ts';

/** What a merchant is told of an order, and is answered when it asks: the order as it is, whole. */
export interface WebhookEvent {
  readonly type: (typeof orderEventTypes)[keyof typeof orderEventTypes];
  /** When the order came into its state. Null of some orders that are older than the table's `changed_at`; what is told always has it. */
  readonly timestamp: string | null;
  readonly data: Omit<OrderEvent, 'changed_at'> & { readonly changed_at: string | null };
}

/** What is told of an event. */
export function webhookEvent(data: WebhookEvent['data']): WebhookEvent {
  return { type: orderEventTypes[data.state], timestamp: data.changed_at, data };
}

/** What would be told of the order now. */
export function webhookEventOf(order: Order): WebhookEvent {
  return webhookEvent(lastEventOf(order));
}
