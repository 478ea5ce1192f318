import type { MoveOrderDeps } from '../shared/orders/move-order.ts';
import { moveOrder } from '../shared/orders/move-order.ts';
import { refundDueChange } from '../shared/orders/refund-change.ts';
import { type DeskAnswers, type DeskRequestOf, type Refundable, refused } from '../shared/refunds/desk-contract.ts';
import type { NewRefund, RefundRow } from '../shared/refunds/refund-row.ts';
import { RefundNumberTakenError, type RefundsDeps, requestRefund } from '../shared/refunds/request-refund.ts';
import { look } from './look.ts';

export interface RequestDeps extends MoveOrderDeps, RefundsDeps {}

/**
 * Keeps a refund that an operator wants; the function `refunds` asks WeChat Pay for it. An order all of whose money is on its way back is REFUNDING
 * from here on, so that nobody ships it. Each step may be done again: whoever dies between two repeats them under the same number.
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
  if (outcome === 'too-much') return refused(tooMuch(asked.fen, found));
  const row = await deps.refunds.find(refund);
  if (!row) throw new Error(`refund ${refund.out_refund_no} was kept, and is not there`);
  if (row.state === 'WITHDRAWN') return refused(`refund ${row.out_refund_no} was withdrawn: take another number`);
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

function tooMuch(fen: number, { out_trade_no, total, reserved, refunded }: Refundable): string {
  const left = total - reserved;
  const before = `of ${total} fen that were paid for order ${out_trade_no}, ${refunded} are back and ${reserved - refunded} on their way`;
  return `${fen} fen are too much: ${before}, so that ${left} are left`;
}

/** Part of the money may go back and the order be shipped all the same; all of it may not. */
async function stopOrder({ transaction_id, out_trade_no, total }: RefundRow, deps: RequestDeps): Promise<void> {
  const sums = await deps.refunds.sumsOf(transaction_id);
  if (!sums || sums.reserved < sums.total) return;
  const order = await deps.store.find(out_trade_no);
  if (order?.state !== 'PAID') return;
  const { mchid } = order;
  await moveOrder(refundDueChange({ mchid, out_trade_no, transaction_id, amount: { total, refund: total } }), deps);
}
