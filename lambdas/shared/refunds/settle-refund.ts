import { PermanentError, RetryableError } from '../consumer/errors.ts';
import type { RefundResult } from '../wechat-pay/refund-result.ts';
import { isAllBack, isPast, type RefundRow, type RefundState } from './refund-row.ts';
import type { RefundsDeps } from './request-refund.ts';

/** A refund changes its state three times in its life: more beside ours are nobody's. */
const mostTries = 3;

/**
 * Notes what became of a refund, once; of one that was made in the merchant portal too. Answers how it stands, whether all that was paid is back
 * now, and whether an operator had withdrawn it. Throws a `PermanentError` when it is told otherwise than it was asked for, or than it was told before.
 */
export async function settleRefund(
  told: RefundResult,
  { refunds, now }: Pick<RefundsDeps, 'refunds' | 'now'>,
): Promise<{ readonly state: RefundState; readonly isAllBack: boolean; readonly wasWithdrawn: boolean }> {
  for (let tries = 0; tries < mostTries; tries++) {
    const known = await refunds.find(told);
    if (known) checkTerms(known, told);
    const isKnown = known !== undefined && isPast(known.state, told.refund_status);
    if (isKnown || (await refunds.settle(known, settled(known, told, now()))) === 'settled') {
      const sums = await refunds.sumsOf(told.transaction_id);
      const state = isKnown ? known.state : told.refund_status;
      return { state, isAllBack: isAllBack(sums), wasWithdrawn: known?.withdrawn !== undefined };
    }
  }
  throw new RetryableError(`refund ${told.out_refund_no} kept changing while it was written`);
}

function checkTerms(known: RefundRow, told: RefundResult): void {
  const { out_refund_no, refund_status, amount } = told;
  if (known.out_trade_no !== told.out_trade_no || known.refund !== amount.refund || known.total !== amount.total) {
    throw new PermanentError(`refund ${out_refund_no} is told with another order or amount than it was asked for`);
  }
  if (isEnd(known.state) && isEnd(refund_status) && known.state !== refund_status) {
    throw new PermanentError(`refund ${out_refund_no} is ${known.state}, and told to be ${refund_status}`);
  }
}

/** WeChat Pay's last word. */
function isEnd(state: RefundState): boolean {
  return state === 'SUCCESS' || state === 'CLOSED';
}

function settled(known: RefundRow | undefined, told: RefundResult, now: Date): RefundRow {
  const { transaction_id, out_refund_no, out_trade_no, refund_id, refund_status, amount } = told;
  const success = told.refund_status === 'SUCCESS' ? { success_time: told.success_time } : {};
  const made = known ?? {
    transaction_id,
    out_refund_no,
    out_trade_no,
    refund: amount.refund,
    total: amount.total,
    // Domestic refunds have no other.
    currency: 'CNY',
    reason: 'asked for elsewhere',
    requested_at: now.toISOString(),
  };
  return { ...made, state: refund_status, refund_id, settled_at: now.toISOString(), ...success };
}
