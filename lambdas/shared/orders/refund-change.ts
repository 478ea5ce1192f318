import type { RefundResult, RefundSuccess } from '../wechat-pay/refund-result.ts';
import { type Order, termsThatDiffer } from './order.ts';
import type { Objection, OrderChange } from './order-change.ts';

/** Money of the order is on its way back, all of it in the end: whoever asked for that, here or in the merchant portal. */
export function refundDueChange(refund: Omit<RefundOfOrder, 'refund_id' | 'success_time'>): OrderChange {
  return {
    trigger: 'refund.requested',
    out_trade_no: refund.out_trade_no,
    facts: {},
    objectionOf: (order) => objection(order, refund),
  };
}

/** All the money of the order has come back to whoever paid it. */
export function refundChange(refund: RefundOfOrder): OrderChange {
  const { out_trade_no, refund_id, success_time } = refund;
  return {
    trigger: 'refund.success',
    out_trade_no,
    facts: { refund_id, refunded_at: success_time },
    objectionOf: (order) => objection(order, refund),
  };
}

type RefundOfOrder = Pick<RefundSuccess, 'mchid' | 'out_trade_no' | 'transaction_id' | 'refund_id' | 'success_time'> &
  Pick<RefundResult, 'amount'>;

function objection(
  order: Order,
  { mchid, amount, transaction_id }: Pick<RefundOfOrder, 'mchid' | 'amount' | 'transaction_id'>,
): Objection | undefined {
  const differing = termsThatDiffer(order, { mchid, amount_total: amount.total });
  if (differing.length > 0) return { reason: `the refund's ${differing.join(', ')} differ from the order's` };
  if (order.transaction_id === undefined || order.transaction_id === transaction_id) return undefined;
  return { reason: 'the refund is of another payment than the one the order was paid by' };
}
