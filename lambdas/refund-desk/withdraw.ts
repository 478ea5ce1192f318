import { checkMerchant } from '../shared/orders/close-unpaid.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import { type DeskAnswers, type DeskRequestOf, refused } from '../shared/refunds/desk-contract.ts';
import type { RefundRow } from '../shared/refunds/refund-row.ts';
import type { RefundsStore } from '../shared/refunds/refunds-store.ts';
import type { WechatPayApi } from '../shared/wechat-pay/api/wechat-pay-api.ts';
import type { LookDeps } from './look.ts';

export interface WithdrawDeps extends Pick<LookDeps, 'openRefunds'> {
  readonly api: Pick<WechatPayApi, 'queryRefund' | 'mchid'>;
  readonly store: OrdersStore;
  readonly refunds: RefundsStore;
  /** Longer than any function lives that may be asking WeChat Pay for a refund. */
  readonly askingMs: number;
  readonly now: () => Date;
}

/**
 * Takes back a refund that nobody at WeChat Pay knows of, such as one that it refuses. What WeChat Pay says is the truth only when nobody can be asking
 * for the refund meanwhile: whoever asks notes that before, and the row is replaced on condition that there is no such note since.
 */
export async function withdraw(
  { out_refund_no, operator }: DeskRequestOf<'withdraw'>,
  deps: WithdrawDeps,
): Promise<DeskAnswers['withdraw']> {
  const row = await findOpen(out_refund_no, deps);
  if (!row) return refused(`there is no open refund ${out_refund_no}`);
  if (row.state !== 'REQUESTED')
    return refused(`WeChat Pay has refund ${out_refund_no}: it is ${row.state}, and cannot be taken back`);
  const now = deps.now();
  const waitMs = row.asked_at === undefined ? 0 : Date.parse(row.asked_at) + deps.askingMs - now.getTime();
  if (waitMs > 0) {
    return refused(
      `WeChat Pay may be being asked for refund ${out_refund_no}: try again in ${Math.ceil(waitMs / 1_000)} s`,
    );
  }
  const order = await deps.store.find(row.out_trade_no);
  if (order) await checkMerchant(order, deps.api);
  const known = await deps.api.queryRefund(out_refund_no);
  if (known)
    return refused(`WeChat Pay has refund ${out_refund_no}: it is ${known.status} there, and cannot be taken back`);
  const withdrawn = { at: now.toISOString(), ...operator };
  if (!(await deps.refunds.withdraw(row, withdrawn))) {
    return refused(`refund ${out_refund_no} changed at this moment: look at it again`);
  }
  return { outcome: 'withdrawn', refund: { ...row, state: 'WITHDRAWN', withdrawn } };
}

/** The index has what it is found by; the row says how it stands. */
async function findOpen(
  out_refund_no: string,
  { openRefunds, refunds }: Pick<WithdrawDeps, 'openRefunds' | 'refunds'>,
): Promise<RefundRow | undefined> {
  for await (const row of openRefunds()) {
    if (row.out_refund_no === out_refund_no) return refunds.find(row);
  }
  return undefined;
}
