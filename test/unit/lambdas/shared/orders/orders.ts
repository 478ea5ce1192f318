import type { Order } from '../../../../../lambdas/shared/orders/order.ts';
import type { OutboxMessage } from '../../../../../lambdas/shared/outbox/outbox-message.ts';
import type { PaymentSuccess } from '../../../../../lambdas/shared/wechat-pay/payment-success.ts';
import { message } from '../../builders.ts';

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

export const event: OutboxMessage = {
  aggregate: 'order#T-1',
  message: message({ exchange: 'orders', routingKeys: ['order.paid'], properties: { message_id: 'event-9' } }),
};
