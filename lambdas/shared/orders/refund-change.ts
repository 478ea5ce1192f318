import type { RefundSuccess } from '../wechat-pay/refund-result.ts';
import { type Order, termsThatDiffer } from './order.ts';
import type { OrderChange } from './order-change.ts';

/** The money of the order has come back to whoever paid it. */
export function refundChange(refund: RefundSuccess): OrderChange {
  const { out_trade_no, refund_id, success_time } = refund;
  return {
    trigger: 'refund.success',
    out_trade_no,
    facts: { refund_id, refunded_at: success_time },
    objectionOf: (order) => objection(order, refund),
  };
}

function objection(order: Order, { mchid, amount, transaction_id, refund_id }: RefundSuccess): string | undefined {
  const differing = termsThatDiffer(order, { mchid, amount_total: amount.total });
  if (differing.length > 0) return `the refund's ${differing.join(', ')} differ from the order's`;
  if (amount.refund !== amount.total)
    return 'only a part of the order was refunded, and an order is REFUNDED as a whole';
  if (order.transaction_id !== undefined && order.transaction_id !== transaction_id) {
    return 'the refund is of another payment than the one the order was paid by';
  }
  if (order.refund_id === undefined || order.refund_id === refund_id) return undefined;
  return `the order is ${order.state} by another refund: its money went back twice, and one of them must be reclaimed by hand`;
}
