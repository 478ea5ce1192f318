import type { Order } from '../../orders/order.ts';

/** A paid order, as far as a bill is compared with it. */
export interface PaidOrder {
  readonly out_trade_no: string;
  readonly transaction_id: string;
  /** 分 */
  readonly total: number;
  readonly currency: string;
  readonly paidAt: string;
  /** Of the refund that has sent all of it back, if any. */
  readonly refund_id: string | undefined;
}

/** What is known here of what a bill names: read before anything is compared. */
export interface Known {
  /** By the payment: of the day, and those that the bill names besides. */
  readonly paid: ReadonlyMap<string, PaidOrder>;
  /** How the order stands that a payment of the bill names, and that was not paid by it. */
  readonly notPaidByIt: ReadonlyMap<string, Order['state']>;
  /** Payments that are sent back, in whole or in part: they are known here, whatever their order says. */
  readonly sentBack: ReadonlySet<string>;
  /** 分 sent back by each refund, by its number and its payment's. */
  readonly refunds: ReadonlyMap<string, number>;
}

export interface RefundKey {
  readonly transaction_id: string;
  /** Ours. */
  readonly out_refund_no: string;
}

export const refundKeyOf = ({ transaction_id, out_refund_no }: RefundKey): string =>
  `${transaction_id} ${out_refund_no}`;

export function paidOrderOf(order: Order): PaidOrder | undefined {
  const { out_trade_no, transaction_id, paid_at, amount_total, currency, refund_id } = order;
  if (transaction_id === undefined || paid_at === undefined) return undefined;
  return { out_trade_no, transaction_id, total: amount_total, currency, paidAt: paid_at, refund_id };
}
