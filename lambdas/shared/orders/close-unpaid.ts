import { RetryableError } from '../consumer/errors.ts';
import type { Transaction } from '../wechat-pay/api/transaction.ts';
import type { WechatPayApi } from '../wechat-pay/api/wechat-pay-api.ts';
import type { Tell } from '../wechat-pay/told-message.ts';
import { type MovedOrder, type MoveOrderDeps, moveOrder } from './move-order.ts';
import type { Order } from './order.ts';
import type { OrderChange } from './order-change.ts';

export interface CloseUnpaidDeps extends MoveOrderDeps {
  readonly api: Pick<WechatPayApi, 'queryOrder' | 'closeOrder' | 'mchid'>;
  readonly tell: Pick<Tell, 'payment'>;
}

/** `paid`: it is not closed, and its payment is told. */
export type Closed = MovedOrder | { readonly outcome: 'paid' };

/**
 * Closes an order at WeChat Pay first and then here, so that nobody can pay what is closed here. WeChat Pay will not close what is paid: then its
 * payment is told, as a notification would have. Throws a `RetryableError` while somebody is paying.
 */
export async function closeUnpaid(change: OrderChange, deps: CloseUnpaidDeps, deadline?: AbortSignal): Promise<Closed> {
  const { out_trade_no } = change;
  const order = await deps.store.find(out_trade_no);
  const isWaiting = order?.state === 'PAYING' && change.objectionOf(order) === undefined;
  if (!isWaiting) return moveOrder(change, deps);
  await checkMerchant(order, deps.api);
  if ((await deps.api.closeOrder(out_trade_no, deadline)) === 'refused') {
    const found = await deps.api.queryOrder(out_trade_no, deadline);
    if (found && isPaid(found)) {
      await deps.tell.payment({ ...found, trade_state: 'SUCCESS' }, deadline);
      return { outcome: 'paid' };
    }
    if (found && mayBePaid(found))
      throw new RetryableError(`order ${out_trade_no} is ${found.trade_state} at WeChat Pay`);
  }
  return moveOrder(change, deps);
}

/** Throws a `RetryableError` for an order of another merchant than the secret's: WeChat Pay would say that there is none, and it would be closed here alone. */
export async function checkMerchant(
  { out_trade_no, mchid }: Pick<Order, 'out_trade_no' | 'mchid'>,
  api: Pick<WechatPayApi, 'mchid'>,
): Promise<void> {
  if ((await api.mchid()) === mchid) return;
  throw new RetryableError(
    `order ${out_trade_no} is of another mchid than the secret's: WeChat Pay cannot be asked about it`,
  );
}

type PaidTransaction = Extract<Transaction, { trade_state: 'SUCCESS' | 'REFUND' }>;

/** Of what is paid and refunded since, the payment comes first. */
export function isPaid(found: Transaction): found is PaidTransaction {
  return found.trade_state === 'SUCCESS' || found.trade_state === 'REFUND';
}

/** Money may still come: it waits for its customer, or for the bank. */
export function mayBePaid({ trade_state }: Transaction): boolean {
  return trade_state === 'NOTPAY' || trade_state === 'USERPAYING' || trade_state === 'ACCEPT';
}
