import type { MoveOrderDeps } from '../shared/orders/move-order.ts';
import { moveOrder } from '../shared/orders/move-order.ts';
import { refundDueChange } from '../shared/orders/refund-change.ts';
import { type DeskAnswers, type DeskRequestOf, type Refundable, refused } from '../shared/refunds/desk-contract.ts';
import { isAllReserved, isReserved, type NewRefund, type RefundRow } from '../shared/refunds/refund-row.ts';
import { RefundNumberTakenError, type RefundsDeps, requestRefund } from '../shared/refunds/request-refund.ts';
import { look } from './look.ts';

export interface RequestDeps extends MoveOrderDeps, RefundsDeps {}

/**
 * Keeps a refund that an operator wants; the function `refunds` asks WeChat Pay for it. An order all of whose money is on its way back is REFUNDING
 * from here on. Each step may be done again: whoever dies between two repeats them under the same number.
 */
export async function request(asked: DeskRequestOf<'request'>, deps: RequestDeps): Promise<DeskAnswers['request']> {
  const found = await look(asked, deps);
  if (found.outcome === 'refused') return found;
  const refund = refundOf(asked, found, deps.now());
  const outcome = await requestRefund(refund, deps).catch((error: unknown) => {
    if (error instanceof RefundNumberTakenError) return error;
    throw error;
  });
  if (outcome instanceof RefundNumberTakenError) return refused(outcome.message);
  if (outcome === 'too-much') return refused(await tooMuch(asked.fen, found, deps));
  const row = await deps.refunds.find(refund);
  if (!row) throw new Error(`refund ${refund.out_refund_no} was kept, and is not there`);
  if (!isReserved(row.state)) return refused(`refund ${row.out_refund_no} is ${row.state}: take another number`);
  await stopOrder(row, deps);
  return { outcome, refund: row };
}

function refundOf(
  { out_trade_no, out_refund_no, fen, operator }: DeskRequestOf<'request'>,
  { transaction_id, total, currency }: Refundable,
  now: Date,
): NewRefund {
  return {
    transaction_id,
    out_refund_no,
    out_trade_no,
    refund: fen,
    total,
    currency,
    reason: operator.why,
    requested_by: operator.who,
    requested_at: now.toISOString(),
  };
}

/** Others may have asked meanwhile. */
async function tooMuch(fen: number, found: Refundable, { refunds }: RequestDeps): Promise<string> {
  const { out_trade_no, transaction_id, total } = found;
  const { reserved, refunded } = (await refunds.sumsOf(transaction_id)) ?? found;
  const before = `of ${total} fen that were paid for order ${out_trade_no}, ${refunded} are back and ${reserved - refunded} on their way`;
  return `${fen} fen are too much: ${before}, so that ${Math.max(0, total - reserved)} are left`;
}

/** Part of the money may go back and the order stay as it is; all of it may not. Of a second payment the order knows nothing. */
async function stopOrder({ transaction_id, out_trade_no, total }: RefundRow, deps: RequestDeps): Promise<void> {
  if (!isAllReserved(await deps.refunds.sumsOf(transaction_id))) return;
  const order = await deps.store.find(out_trade_no);
  if (order?.state !== 'PAID' || order.transaction_id !== transaction_id) return;
  const { mchid } = order;
  await moveOrder(refundDueChange({ mchid, out_trade_no, transaction_id, amount: { total, refund: total } }), deps);
}
