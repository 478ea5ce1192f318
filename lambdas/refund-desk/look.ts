import type { Order } from '../shared/orders/order.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import { automaticNumber } from '../shared/refunds/automatic-refund.ts';
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
  readonly refunds: Pick<RefundsStore, 'find' | 'sumsOf'>;
  /** Those that are not settled, as an index knows them: a moment late. */
  readonly openRefunds: () => AsyncIterable<RefundRow>;
}

/** One payment of an order: the one it was paid by, or one that is being sent back because there was another. */
export async function look(
  { out_trade_no, transaction_id }: Pick<DeskRequestOf<'look'>, 'out_trade_no' | 'transaction_id'>,
  { store, refunds }: Pick<LookDeps, 'store' | 'refunds'>,
): Promise<Refundable | Refused> {
  const order = await store.find(out_trade_no);
  if (!order) return refused(`there is no order ${out_trade_no}`);
  const paid = paymentOf(order, transaction_id) ?? (await sentBack(out_trade_no, transaction_id, refunds));
  if (!paid) {
    const what =
      transaction_id === undefined ? 'nothing was paid for it' : `the payment ${transaction_id} is none of its`;
    return refused(`order ${out_trade_no} is ${order.state}: ${what}, as far as is known here`);
  }
  const { reserved, refunded } = (await refunds.sumsOf(paid.transaction_id)) ?? { reserved: 0, refunded: 0 };
  return { outcome: 'found', out_trade_no, state: order.state, ...paid, reserved, refunded };
}

type Paid = Pick<Refundable, 'transaction_id' | 'total' | 'currency'>;

function paymentOf(order: Order, wanted: string | undefined): Paid | undefined {
  const { transaction_id, amount_total: total, currency } = order;
  if (transaction_id === undefined || (wanted !== undefined && wanted !== transaction_id)) return undefined;
  return { transaction_id, total, currency };
}

/** One that came when there was nothing to pay any more has a refund by itself, whatever became of that. */
async function sentBack(
  out_trade_no: string,
  transaction_id: string | undefined,
  refunds: LookDeps['refunds'],
): Promise<Paid | undefined> {
  if (transaction_id === undefined) return undefined;
  const row = await refunds.find({ transaction_id, out_refund_no: automaticNumber(transaction_id) });
  if (row?.out_trade_no !== out_trade_no) return undefined;
  return { transaction_id, total: row.total, currency: row.currency };
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
