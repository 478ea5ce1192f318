import { automaticNumber } from '../refunds/automatic-refund.ts';
import { isAllBack, isAllReserved, isReserved, type RefundRow, type RefundSums } from '../refunds/refund-row.ts';
import type { OrderBooks, StoredOrder } from './books.ts';
import type { Difference, Term } from './difference.ts';

/** The sum of a payment is that of its refunds, and the order stands as they say. */
export function compareRefunds({ order, refunds, sums }: OrderBooks): Difference[] {
  if (order?.transaction_id === undefined) return [];
  const end = { subject: order.out_trade_no };
  const counted = differing([
    {
      what: 'reserved in fen',
      one: sums?.reserved ?? 0,
      other: sumOf(refunds.filter(({ state }) => isReserved(state))),
    },
    { what: 'back in fen', one: sums?.refunded ?? 0, other: sumOf(refunds.filter(({ state }) => state === 'SUCCESS')) },
  ]);
  const misfits = [...amounts(order, sums), ...standing(order, refunds, sums)];
  return [
    ...(counted.length === 0
      ? []
      : [{ kind: 'refund-sums-differ', ...end, books: ['the payment’s sum', 'its refunds'], terms: counted } as const]),
    ...(misfits.length === 0
      ? []
      : [{ kind: 'refunds-misfit', ...end, books: ['Orders', 'Refunds'], terms: misfits } as const]),
  ];
}

function amounts({ amount_total }: StoredOrder, sums: RefundSums | undefined): Term[] {
  if (!sums) return [];
  const paid = differing([{ what: 'amount in fen', one: amount_total, other: sums.total }]);
  // On its way may be more for a time: what was asked for beside the merchant portal WeChat Pay refuses then.
  if (sums.refunded <= amount_total) return paid;
  return [...paid, { what: 'paid, and back, in fen', one: amount_total, other: sums.refunded }];
}

/** REFUNDED if, and only if, all is back; REFUNDING from when somebody here has asked for all of it. */
function standing(
  { state, amount_total }: StoredOrder,
  refunds: readonly RefundRow[],
  sums: RefundSums | undefined,
): Term[] {
  const back = `${sums?.refunded ?? 0} of ${sums?.total ?? amount_total} fen back`;
  if (isAllBack(sums) !== (state === 'REFUNDED')) return [{ what: 'state', one: state, other: back }];
  if (state === 'REFUNDING' && refunds.length === 0) return [{ what: 'state', one: state, other: 'no refund' }];
  if (state === 'PAID' && isAllReserved(sums) && refunds.every(isAskedForHere)) {
    return [{ what: 'state', one: state, other: 'all of it on its way back' }];
  }
  return [];
}

/** Made in the merchant portal, it is heard of when it is back, or could not be. */
function isAskedForHere({ state, requested_by, out_refund_no, transaction_id }: RefundRow): boolean {
  return !isReserved(state) || requested_by !== undefined || out_refund_no === automaticNumber(transaction_id);
}

function sumOf(refunds: readonly RefundRow[]): number {
  return refunds.reduce((sum, { refund }) => sum + refund, 0);
}

const differing = (terms: readonly Term[]): Term[] => terms.filter(({ one, other }) => one !== other);
