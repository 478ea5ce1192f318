import type { Order } from '../shared/orders/order.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import { type DeskAnswers, type DeskRequestOf, refused } from '../shared/refunds/desk-contract.ts';
import type { RefundRow } from '../shared/refunds/refund-row.ts';
import type { RefundsStore } from '../shared/refunds/refunds-store.ts';
import type { WechatPayApi } from '../shared/wechat-pay/api/wechat-pay-api.ts';

export interface WithdrawDeps {
  readonly api: Pick<WechatPayApi, 'queryRefund' | 'mchid'>;
  readonly store: OrdersStore;
  readonly refunds: RefundsStore;
  /** After that what was asked for is known to WeChat Pay, or never will be: see `REFUND_ASKING_SECONDS`. */
  readonly askingMs: number;
  readonly now: () => Date;
}

/**
 * Takes back a refund that nobody at WeChat Pay knows of, such as one that it refuses. What WeChat Pay says is the truth only when nobody can be asking
 * for the refund meanwhile: whoever asks notes that before, and the row is replaced on condition that there is no such note since. One that was withdrawn is
 * withdrawn.
 */
export async function withdraw(
  { out_refund_no, operator }: DeskRequestOf<'withdraw'>,
  deps: WithdrawDeps,
): Promise<DeskAnswers['withdraw']> {
  const { store, refunds, api } = deps;
  const row = await refunds.findByNumber(out_refund_no);
  if (!row) return refused(`there is no refund ${out_refund_no}`);
  const order = await store.find(row.out_trade_no);
  if (!order) return refused(`there is no order ${row.out_trade_no}, which refund ${out_refund_no} is of`);
  const { state } = order;
  if (row.state === 'WITHDRAWN') return { outcome: 'withdrawn', refund: row, state };
  const now = deps.now();
  const why = whyNot(row, now, deps.askingMs) ?? (await whyOthersAre(order, api)) ?? (await whyKnown(row, api));
  if (why !== undefined) return refused(why);
  const withdrawn = { at: now.toISOString(), ...operator };
  if (!(await refunds.withdraw(row, withdrawn))) {
    return refused(`refund ${out_refund_no} changed at this moment: look at it again`);
  }
  return { outcome: 'withdrawn', refund: { ...row, state: 'WITHDRAWN', withdrawn }, state };
}

function whyNot({ state, out_refund_no, asked_at }: RefundRow, now: Date, askingMs: number): string | undefined {
  if (state === 'SUCCESS' || state === 'CLOSED') return `refund ${out_refund_no} is ${state}`;
  if (state !== 'REQUESTED') return `WeChat Pay has refund ${out_refund_no}: it is ${state}, and cannot be taken back`;
  const waitMs = asked_at === undefined ? 0 : Date.parse(asked_at) + askingMs - now.getTime();
  if (waitMs <= 0) return undefined;
  return `WeChat Pay was asked for refund ${out_refund_no}, and may not know it yet: try again in ${Math.ceil(waitMs / 1_000)} s`;
}

/** Another merchant's refund WeChat Pay does not know. */
async function whyOthersAre(order: Order, api: WithdrawDeps['api']): Promise<string | undefined> {
  if ((await api.mchid()) === order.mchid) return undefined;
  return `order ${order.out_trade_no} is of another mchid than the secret's: WeChat Pay cannot be asked about its refunds`;
}

async function whyKnown(row: RefundRow, api: WithdrawDeps['api']): Promise<string | undefined> {
  const known = await api.queryRefund(row);
  return known && `WeChat Pay has refund ${row.out_refund_no}: it is ${known.status} there, and cannot be taken back`;
}
