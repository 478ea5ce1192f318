import type { Order } from '../../../../../lambdas/shared/orders/order.ts';
import type { OutboxRow } from '../../../../../lambdas/shared/outbox/outbox-row.ts';
import type { PaymentSuccess } from '../../../../../lambdas/shared/wechat-pay/payment-success.ts';

const terms = {
  out_trade_no: 'T-1',
  mchid: '1900000001',
  appid: 'wx0000000000000001',
  amount_total: 8800,
  currency: 'CNY',
} as const;

export const payingOrder: Order = { ...terms, state: 'PAYING' };

export const paidOrder: Order = {
  ...terms,
  state: 'PAID',
  transaction_id: '42',
  paid_at: '2026-11-23T10:00:00+08:00',
};

/** The payment that fits the orders above. */
export const payment: PaymentSuccess = {
  mchid: terms.mchid,
  appid: terms.appid,
  out_trade_no: terms.out_trade_no,
  transaction_id: '42',
  trade_state: 'SUCCESS',
  success_time: '2026-11-23T10:00:00+08:00',
  amount: { total: 8800, currency: 'CNY' },
};

export const event: OutboxRow = {
  aggregate: 'order#T-1',
  event_id: 'event-9',
  vhost: '/',
  exchange: 'orders',
  routing_key: 'order.paid',
  type: 'order.paid',
  payload: '{}',
  created_at: '2026-11-23T02:00:00.000Z',
};
