import { moveOrder, PaidTwiceError } from '../shared/orders/move-order.ts';
import { paymentChange } from '../shared/orders/payment-change.ts';
import { automaticRefund } from '../shared/refunds/automatic-refund.ts';
import { requestRefund } from '../shared/refunds/request-refund.ts';
import type { PaymentSuccess } from '../shared/wechat-pay/payment-success.ts';
import type { Applied, OrdersDeps } from './orders-consumer.ts';

/**
 * Pays the order. What was paid for an order that is closed, or paid already, is sent back. Each step may be done again: whoever dies between two
 * is repeated from the first.
 */
export async function applyPayment(payment: PaymentSuccess, deps: OrdersDeps): Promise<Applied> {
  const { out_trade_no, transaction_id } = payment;
  try {
    const { outcome, order } = await moveOrder(paymentChange(payment), deps);
    if (order.state !== 'REFUNDING' || order.transaction_id !== transaction_id) return { outcome, out_trade_no };
  } catch (error) {
    if (!(error instanceof PaidTwiceError)) throw error;
    await requestRefund(automaticRefund(payment, 'paid twice', deps.now()), deps);
    return { outcome: 'second payment refunded', out_trade_no };
  }
  // An operator may have asked for all of it before: then it is too much, and on its way.
  await requestRefund(automaticRefund(payment, 'paid after it was closed', deps.now()), deps);
  return { outcome: 'refund requested', out_trade_no };
}
