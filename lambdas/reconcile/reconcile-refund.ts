import { type RefundRow, refundRowSchema } from '../shared/refunds/refund-row.ts';
import type { RefundsStore } from '../shared/refunds/refunds-store.ts';
import { requestOf } from '../shared/refunds/request-of.ts';
import type { Meter } from '../shared/telemetry/telemetry.ts';
import type { Refund } from '../shared/wechat-pay/api/refund.ts';
import type { WechatPayApi } from '../shared/wechat-pay/api/wechat-pay-api.ts';
import type { Tell } from '../shared/wechat-pay/told-message.ts';
import type { DueItem } from './due.ts';

/** `found`: it is settled, and that is told. `asked`: WeChat Pay had not heard of it. `past`: it was withdrawn, and the index does not know it yet. */
export type RefundOutcome = 'found' | 'asked' | 'waiting' | 'past';

export interface ReconcileRefundDeps {
  readonly api: Pick<WechatPayApi, 'queryRefund' | 'requestRefund' | 'mchid'>;
  readonly refunds: Pick<RefundsStore, 'noteAsking' | 'settle'>;
  readonly tell: Pick<Tell, 'refund'>;
  readonly notifyUrl: string;
  /** How long a refund may take before a person looks after it. */
  readonly refundOverdueMs: number;
  readonly meter: Meter;
  readonly now: () => Date;
}

/** Asks WeChat Pay about a refund that nobody has told the end of, and does what a notification would have done; under its number it may be asked for again. */
export async function reconcileRefund(
  { item, asked }: DueItem,
  deps: ReconcileRefundDeps,
  deadline: AbortSignal,
): Promise<RefundOutcome> {
  const row = refundRowSchema.parse(item);
  let isOpen = true;
  try {
    const outcome = await askAbout(row, deps, deadline);
    // What is found again and again is told, and cannot be applied.
    isOpen = outcome !== 'past' && (outcome !== 'found' || asked > 0);
    return outcome;
  } finally {
    const age = deps.now().getTime() - Date.parse(row.requested_at);
    if (isOpen && age > deps.refundOverdueMs) deps.meter.count('RefundsOverdue');
  }
}

async function askAbout(found: RefundRow, deps: ReconcileRefundDeps, deadline: AbortSignal): Promise<RefundOutcome> {
  const known = await deps.api.queryRefund(found, deadline);
  const row = known || found.state !== 'REQUESTED' ? found : await deps.refunds.noteAsking(found, deps.now());
  if (!row) return 'past';
  const refund = known ?? (await deps.api.requestRefund(requestOf(row, deps.notifyUrl), deadline));
  if (row.state === 'REQUESTED')
    await deps.refunds.settle(row, { ...row, state: 'PROCESSING', refund_id: refund.refund_id });
  if (!(await isNews(row, refund, deps, deadline))) return known ? 'waiting' : 'asked';
  return 'found';
}

/** What it is told to be already is told no more: on-call knows of an ABNORMAL one. */
async function isNews(
  row: RefundRow,
  { refund_id, status, success_time, amount }: Refund,
  { api, tell, now }: ReconcileRefundDeps,
  deadline: AbortSignal,
): Promise<boolean> {
  if (status === 'PROCESSING' || status === row.state) return false;
  const { out_trade_no, transaction_id, out_refund_no } = row;
  const terms = { mchid: await api.mchid(), out_trade_no, transaction_id, refund_id, out_refund_no, amount };
  await tell.refund(
    status === 'SUCCESS'
      ? { ...terms, refund_status: status, success_time: success_time ?? now().toISOString() }
      : { ...terms, refund_status: status },
    deadline,
  );
  return true;
}
