import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { PaymentSuccess } from '../wechat-pay/payment-success.ts';
import type { Order } from './order.ts';

export type MarkPaidResult =
  | { readonly outcome: 'applied' }
  /** Nothing was written; the order as it stands. */
  | { readonly outcome: 'not-applied'; readonly order: Order | undefined };

/**
 * Orders at rest. `markPaid` MUST move the order and store the event together or not at all, and MUST NOT do either unless
 * the order stands in a prior state of the transition with the same mchid, appid, amount and currency.
 */
export interface OrdersStore {
  markPaid(payment: PaymentSuccess, event: OutboxMessage): Promise<MarkPaidResult>;
}
