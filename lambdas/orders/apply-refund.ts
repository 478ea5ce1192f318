import { RetryableError } from '../shared/consumer/errors.ts';
import { moveOrder } from '../shared/orders/move-order.ts';
import type { Order } from '../shared/orders/order.ts';
import { refundChange, refundDueChange } from '../shared/orders/refund-change.ts';
import { settleRefund } from '../shared/refunds/settle-refund.ts';
import type { RefundResult, RefundSuccess } from '../shared/wechat-pay/refund-result.ts';
import { RefundAbnormalError, RefundClosedError, WithdrawnRefundMadeError } from './errors.ts';
import type { Applied, OrdersDeps } from './orders-consumer.ts';

/**
 * Notes what became of a refund, and ends the order when all its money is back. Throws a `RefundAbnormalError`, `RefundClosedError` or `WithdrawnRefundMadeError`, each
 * time that is told: it is an exception, and on-call hears of its kind.
 */
export async function applyRefund(refund: RefundResult, deps: OrdersDeps): Promise<Applied> {
  const { out_trade_no } = refund;
  const order = await deps.store.find(out_trade_no);
  if (!order) throw new RetryableError(`there is no order ${out_trade_no}`);
  const { state, isAllBack, wasWithdrawn } = await settleRefund(refund, deps);
  if (refund.refund_status !== 'SUCCESS') {
    // It is back by now: what says that it could not be taken is older.
    if (state !== refund.refund_status) return { outcome: 'past', out_trade_no };
    throw refund.refund_status === 'ABNORMAL' ? new RefundAbnormalError(refund) : new RefundClosedError(refund);
  }
  const applied = await endOrder(refund, order, isAllBack, deps);
  if (wasWithdrawn) throw new WithdrawnRefundMadeError(refund);
  return applied;
}

async function endOrder(refund: RefundSuccess, order: Order, isAllBack: boolean, deps: OrdersDeps): Promise<Applied> {
  const { out_trade_no, transaction_id } = refund;
  if (order.transaction_id !== undefined && order.transaction_id !== transaction_id) {
    return { outcome: 'second payment refunded', out_trade_no };
  }
  if (!isAllBack) return { outcome: 'partly refunded', out_trade_no };
  // Asked for in the merchant portal, nobody has said here that it is due.
  await moveOrder(refundDueChange(refund), deps);
  const { outcome } = await moveOrder(refundChange(refund), deps);
  return { outcome, out_trade_no };
}
