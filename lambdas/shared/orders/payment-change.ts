import type { PaymentSuccess } from '../wechat-pay/payment-success.ts';
import { type Order, termsThatDiffer } from './order.ts';
import type { Objection, OrderChange } from './order-change.ts';

/** The order was paid. */
export function paymentChange(payment: PaymentSuccess): OrderChange {
  const { out_trade_no, transaction_id, success_time } = payment;
  return {
    trigger: 'payment.success',
    out_trade_no,
    facts: { transaction_id, paid_at: success_time },
    objectionOf: (order) => objection(order, payment),
  };
}

function objection(order: Order, { mchid, appid, amount, transaction_id }: PaymentSuccess): Objection | undefined {
  const said = { mchid, appid, amount_total: amount.total, currency: amount.currency };
  const differing = termsThatDiffer(order, said);
  if (differing.length > 0) return { reason: `the payment's ${differing.join(', ')} differ from the order's` };
  if (order.transaction_id === undefined || order.transaction_id === transaction_id) return undefined;
  return { reason: `the order is ${order.state} by another payment: it was paid twice`, isSecondPayment: true };
}
