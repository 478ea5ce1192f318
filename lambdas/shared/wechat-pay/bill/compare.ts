import type { Order } from '../../orders/order.ts';
import type { Bill, BilledPayment, BilledRefund, BilledRow } from './bill.ts';
import { type Known, type PaidOrder, refundKeyOf } from './known.ts';

/** What WeChat Pay's bill of a day says, and what we say, where they do not agree. */
export type Difference =
  /** WeChat Pay was paid, and no order here is by it. `order`: how the order stands that it names. */
  | {
      readonly kind: 'payment-missing-here';
      readonly payment: BilledPayment;
      readonly order: Order['state'] | undefined;
    }
  /** An order here was paid that day, and WeChat Pay says nothing of it. */
  | { readonly kind: 'payment-missing-there'; readonly order: PaidOrder }
  | {
      readonly kind: 'payment-differs';
      readonly payment: BilledPayment;
      readonly order: PaidOrder;
      readonly in: string[];
    }
  | { readonly kind: 'refund-missing-here'; readonly refund: BilledRefund }
  /** `here`: 分 */
  | { readonly kind: 'refund-differs'; readonly refund: BilledRefund; readonly here: number }
  /** It has a state that no order here can have. */
  | { readonly kind: 'state-unknown'; readonly row: BilledRow };

export type DifferenceKind = Difference['kind'];

export interface Compared {
  readonly bill: Bill;
  readonly known: Known;
  /** Orders that this bill, or the one of the day before, must have. */
  readonly expected: readonly PaidOrder[];
  /** Payments in the bill of the day before. */
  readonly before: ReadonlySet<string>;
}

/**
 * All differences, each once. Refunds are looked for in one direction: one that is SUCCESS here and not in the bill is not found, for it is in the
 * bill of the day it was asked for, which nothing here is indexed by.
 */
export function compareBill({ bill, known, expected, before }: Compared): Difference[] {
  return [
    ...bill.payments.flatMap((payment) => ofPayment(payment, known)),
    ...missingThere(bill, expected, before).map((order) => ({ kind: 'payment-missing-there', order }) as const),
    ...bill.refunds.flatMap((refund) => ofRefund(refund, known)),
    ...bill.others.map((row) => ({ kind: 'state-unknown', row }) as const),
  ];
}

/** Of those that are expected, whom neither bill has. */
export function missingThere(
  { payments, others }: Bill,
  expected: readonly PaidOrder[],
  before: ReadonlySet<string>,
): PaidOrder[] {
  const there = new Set([...payments, ...others].map(({ transaction_id }) => transaction_id));
  return expected.filter(({ transaction_id }) => !there.has(transaction_id) && !before.has(transaction_id));
}

function ofPayment(payment: BilledPayment, { paid, notPaidByIt, sentBack }: Known): Difference[] {
  const order = paid.get(payment.transaction_id);
  if (order) {
    const differing = termsThatDiffer(payment, order);
    return differing.length === 0 ? [] : [{ kind: 'payment-differs', payment, order, in: differing }];
  }
  // Paid twice, or too late: it belongs to no order, and its money goes back.
  if (sentBack.has(payment.transaction_id)) return [];
  return [{ kind: 'payment-missing-here', payment, order: notPaidByIt.get(payment.transaction_id) }];
}

function termsThatDiffer(payment: BilledPayment, order: PaidOrder): string[] {
  const names = ['out_trade_no', 'total', 'currency'] as const;
  return names.filter((name) => payment[name] !== order[name]);
}

function ofRefund(refund: BilledRefund, { refunds, paid }: Known): Difference[] {
  const here = refunds.get(refundKeyOf(refund)) ?? wholeOf(refund, paid.get(refund.transaction_id));
  if (here === undefined) return [{ kind: 'refund-missing-here', refund }];
  return here === refund.refund ? [] : [{ kind: 'refund-differs', refund, here }];
}

/** An order that is REFUNDED was sent back as a whole, by the refund that it names. */
function wholeOf({ refund_id }: BilledRefund, order: PaidOrder | undefined): number | undefined {
  return order?.refund_id === refund_id ? order.total : undefined;
}
