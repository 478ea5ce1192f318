import pMap from 'p-map';
import type { Order } from '../../orders/order.ts';
import { isAllReserved } from '../../refunds/refund-row.ts';
import type { Bill, BilledPayment } from './bill.ts';
import { dayBefore, isExpectedIn } from './expected-orders.ts';
import { type Known, type PaidOrder, paidOrderOf, refundKeyOf } from './known.ts';
import type { BillOrders, BillRefunds } from './ports.ts';

export interface GatherDeps {
  readonly orders: BillOrders;
  readonly refunds: BillRefunds;
}

/** Reads at a time. */
const concurrency = 16;

interface Gathering {
  readonly paid: Map<string, PaidOrder>;
  readonly notPaidByIt: Map<string, Order['state']>;
  readonly sentBack: Set<string>;
  readonly refunds: Map<string, number>;
}

/**
 * What is known here of what the bill names, and which orders it must have. The orders of the day are read in pages, and kept as what is
 * compared; only what the bill has besides, a few rows as a rule, is read one by one.
 */
export async function gatherKnown(
  bill: Bill,
  date: string,
  { orders, refunds }: GatherDeps,
): Promise<{ readonly known: Known; readonly expected: PaidOrder[] }> {
  const known: Gathering = { paid: new Map(), notPaidByIt: new Map(), sentBack: new Set(), refunds: new Map() };
  const expected = await readPaid(known, date, orders);
  await pMap(
    bill.payments.filter(({ transaction_id }) => !known.paid.has(transaction_id)),
    (payment) => lookUp(payment),
    { concurrency },
  );
  await pMap(
    bill.refunds,
    async (refund) => {
      // One that was made in the merchant portal may have no number of ours.
      const found = refund.out_refund_no === '' ? undefined : await refunds.find(refund);
      // One that was withdrawn nobody here wants to be made.
      if (found && found.state !== 'WITHDRAWN') known.refunds.set(refundKeyOf(refund), found.refund);
      else if (!known.paid.has(refund.transaction_id)) noteIfPaid(known, await orders.find(refund.out_trade_no));
    },
    { concurrency },
  );
  return { known, expected };

  async function lookUp({ transaction_id, out_trade_no }: BilledPayment): Promise<void> {
    const order = await orders.find(out_trade_no);
    noteIfPaid(known, order);
    if (order?.transaction_id === transaction_id) return;
    const sums = await refunds.sumsOf(transaction_id);
    // Of a part that is sent back the rest is still somebody's.
    if (isAllReserved(sums)) known.sentBack.add(transaction_id);
    else if (order) known.notPaidByIt.set(transaction_id, order.state);
  }
}

/** Two days: the last minutes of the one before are judged with this one. */
async function readPaid(known: Gathering, date: string, orders: BillOrders): Promise<PaidOrder[]> {
  const expected: PaidOrder[] = [];
  for (const day of [dayBefore(date), date]) {
    for await (const order of orders.paidOn(day)) {
      const paid = paidOrderOf(order);
      if (!paid) continue;
      const isExpected = isExpectedIn(date, paid);
      if (isExpected) expected.push(paid);
      if (isExpected || day === date) known.paid.set(paid.transaction_id, paid);
    }
  }
  return expected;
}

function noteIfPaid(known: Gathering, order: Order | undefined): void {
  const paid = order && paidOrderOf(order);
  if (paid) known.paid.set(paid.transaction_id, paid);
}
