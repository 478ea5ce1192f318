import { moveOrder, PaidTwiceError } from '../shared/orders/move-order.ts';
import type { OrderChange } from '../shared/orders/order-change.ts';
import { paymentChange } from '../shared/orders/payment-change.ts';
import { refundChange } from '../shared/orders/refund-change.ts';
import { sendBack } from '../shared/refunds/automatic-refund.ts';
import { isAllBack } from '../shared/refunds/refund-row.ts';
import type { PaymentSuccess } from '../shared/wechat-pay/payment-success.ts';
import type { Applied, OrdersDeps } from './orders-consumer.ts';

/**
 * Pays the order. What was paid for an order that is closed, or paid already, is sent back. Each step may be done again: whoever dies between two
 * is repeated from the first.
 */
export async function applyPayment(payment: PaymentSuccess, deps: OrdersDeps): Promise<Applied> {
  const { out_trade_no, transaction_id } = payment;
  try {
    const sums = await deps.refunds.sumsOf(transaction_id);
    // Its refund was told first: nobody may ship what is paid back.
    const isBack = isAllBack(sums);
    if (isBack) await moveOrder(refundedUnheardOf(payment, deps.now()), deps);
    const { outcome, order } = await moveOrder(paymentChange(payment), deps);
    if (order.state !== 'REFUNDING' || order.transaction_id !== transaction_id) return { outcome, out_trade_no };
    if (isBack && sums.last) {
      // The message that told so may have spent its tries on waiting for this one.
      const amount = { ...payment.amount, refund: payment.amount.total };
      await moveOrder(refundChange({ ...payment, ...sums.last, amount }), deps);
      return { outcome: 'refunded before', out_trade_no };
    }
  } catch (error) {
    if (!(error instanceof PaidTwiceError)) throw error;
    await sendBack(payment, 'paid twice', deps);
    return { outcome: 'second payment refunded', out_trade_no };
  }
  await sendBack(payment, 'paid after it was closed', deps);
  return { outcome: 'refund requested', out_trade_no };
}

/** The order is closed before it is paid, so that it is REFUNDING from its payment on, and `order.paid` is told to nobody. */
function refundedUnheardOf(payment: PaymentSuccess, now: Date): OrderChange {
  return { ...paymentChange(payment), trigger: 'payment.overdue', facts: { closed_at: now.toISOString() } };
}
