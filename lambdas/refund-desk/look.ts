import type { Order } from '../shared/orders/order.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import {
  type DeskAnswers,
  type DeskRequestOf,
  type Refundable,
  type Refused,
  refused,
} from '../shared/refunds/desk-contract.ts';
import type { RefundRow } from '../shared/refunds/refund-row.ts';
import type { RefundsStore } from '../shared/refunds/refunds-store.ts';

export interface LookDeps {
  readonly store: Pick<OrdersStore, 'find'>;
  readonly refunds: Pick<RefundsStore, 'sumsOf'>;
  /** Those that are not settled, as an index knows them: a moment late. */
  readonly openRefunds: () => AsyncIterable<RefundRow>;
}

/** The order's own payment: one that was paid twice has another, which goes back by itself. */
export async function look(
  { out_trade_no }: Pick<DeskRequestOf<'look'>, 'out_trade_no'>,
  { store, refunds }: Pick<LookDeps, 'store' | 'refunds'>,
): Promise<Refundable | Refused> {
  const order = await store.find(out_trade_no);
  if (!order) return refused(`there is no order ${out_trade_no}`);
  if (order.transaction_id === undefined) {
    return refused(`order ${out_trade_no} is ${order.state}: nothing was paid for it, as far as is known here`);
  }
  const sums = await refunds.sumsOf(order.transaction_id);
  return refundable(order, order.transaction_id, sums ?? { reserved: 0, refunded: 0 });
}

function refundable(
  { out_trade_no, state, currency, amount_total }: Order,
  transaction_id: string,
  { reserved, refunded }: Pick<Refundable, 'reserved' | 'refunded'>,
): Refundable {
  return {
    outcome: 'found',
    out_trade_no,
    state,
    transaction_id,
    currency,
    total: amount_total,
    reserved,
    refunded,
  };
}

export async function list(
  { most }: DeskRequestOf<'list'>,
  { openRefunds }: Pick<LookDeps, 'openRefunds'>,
): Promise<DeskAnswers['list']> {
  const open: RefundRow[] = [];
  for await (const row of openRefunds()) open.push(row);
  open.sort((one, other) => (one.requested_at < other.requested_at ? -1 : 1));
  return { refunds: open.slice(0, most), isAll: open.length <= most };
}
