import type { NewOrder, Order } from '../../../../../lambdas/shared/orders/order.ts';
import type { OrderChange } from '../../../../../lambdas/shared/orders/order-change.ts';
import type { OrderCreated, OrderState } from '../../../../../lambdas/shared/orders/order-event.ts';
import { overdueChange } from '../../../../../lambdas/shared/orders/overdue-change.ts';
import { paymentChange } from '../../../../../lambdas/shared/orders/payment-change.ts';
import { refundChange } from '../../../../../lambdas/shared/orders/refund-change.ts';
import type { OrderTrigger } from '../../../../../lambdas/shared/orders/transitions.ts';
import type { PaymentSuccess } from '../../../../../lambdas/shared/wechat-pay/payment-success.ts';
import type { RefundSuccess } from '../../../../../lambdas/shared/wechat-pay/refund-result.ts';
import { now } from '../../builders.ts';

const terms = {
  out_trade_no: 'T-1',
  mchid: '1900000001',
  appid: 'wx0000000000000001',
  amount_total: 8800,
  currency: 'CNY',
} as const;
const paid = { transaction_id: '42', paid_at: '2026-11-23T10:00:00+08:00' };
const refunded = { refund_id: '50', refunded_at: '2026-11-23T12:00:00+08:00' };

export const payingOrder: NewOrder = { ...terms, state: 'PAYING' };

/** The order above in each state. */
export const orderIn: Readonly<Record<OrderState, Order>> = {
  PAYING: payingOrder,
  PAID: { ...terms, ...paid, state: 'PAID' },
  CLOSED: { ...terms, state: 'CLOSED', closed_at: now.toISOString() },
  REFUNDING: { ...terms, ...paid, state: 'REFUNDING' },
  REFUNDED: { ...terms, ...paid, ...refunded, state: 'REFUNDED' },
};

/** The payment that fits the orders above. */
export const payment: PaymentSuccess = {
  mchid: terms.mchid,
  appid: terms.appid,
  out_trade_no: terms.out_trade_no,
  transaction_id: paid.transaction_id,
  trade_state: 'SUCCESS',
  success_time: paid.paid_at,
  amount: { total: 8800, currency: 'CNY' },
};

/** The refund of that payment. */
export const refund: RefundSuccess = {
  mchid: terms.mchid,
  out_trade_no: terms.out_trade_no,
  transaction_id: paid.transaction_id,
  refund_id: refunded.refund_id,
  out_refund_no: 'R-1',
  refund_status: 'SUCCESS',
  success_time: refunded.refunded_at,
  amount: { total: 8800, refund: 8800 },
};

/** What comes back of the order when its time is over. */
export const created: OrderCreated = {
  out_trade_no: terms.out_trade_no,
  state: 'PAYING',
  version: 1,
  amount: payment.amount,
  changed_at: '2026-11-23T01:30:00.000Z',
};

/** Each thing that can happen to the order. */
export const changes: Readonly<Record<OrderTrigger, OrderChange>> = {
  'payment.success': paymentChange(payment),
  'payment.overdue': overdueChange(created, now),
  'refund.requested': {
    trigger: 'refund.requested',
    out_trade_no: terms.out_trade_no,
    facts: {},
    objectionOf: () => undefined,
  },
  'refund.success': refundChange(refund),
};
