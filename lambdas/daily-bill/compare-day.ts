import { type Bill, emptyBill } from '../shared/wechat-pay/bill/bill.ts';
import type { BillApi } from '../shared/wechat-pay/bill/bill-api.ts';
import { compareBill, type Difference, missingThere } from '../shared/wechat-pay/bill/compare.ts';
import { UnreadableBillError } from '../shared/wechat-pay/bill/errors.ts';
import { dayBefore, isNearStartOf } from '../shared/wechat-pay/bill/expected-orders.ts';
import { type GatherDeps, gatherKnown } from '../shared/wechat-pay/bill/gather-known.ts';
import type { PaidOrder } from '../shared/wechat-pay/bill/known.ts';
import { parseBill } from '../shared/wechat-pay/bill/parse-bill.ts';

export interface CompareDayDeps extends GatherDeps {
  readonly bills: BillApi;
  /** Ours. */
  readonly mchid: () => Promise<string>;
}

export interface ComparedDay {
  /** Rows of the bill. */
  readonly payments: number;
  readonly refunds: number;
  readonly differences: readonly Difference[];
}

/** Fetches the bill of a day, and what is known here of what it names, and compares them. */
export type CompareDay = (date: string, deadline?: AbortSignal) => Promise<ComparedDay>;

export function createCompareDay({ bills, mchid, ...known }: CompareDayDeps): CompareDay {
  return async (date, deadline) => {
    const bill = await billOf(date, deadline);
    const gathered = await gatherKnown(bill, date, known);
    const before = await paymentsBefore(bill, date, gathered.expected, deadline);
    const differences = compareBill({ bill, ...gathered, before });
    return { payments: bill.payments.length, refunds: bill.refunds.length, differences };
  };

  /** No bill: nothing was sold, as far as WeChat Pay knows. */
  async function billOf(date: string, deadline: AbortSignal | undefined): Promise<Bill> {
    const csv = await bills.tradeBill(date, deadline);
    const bill = csv ? parseBill(csv) : emptyBill;
    const ours = await mchid();
    const rows = [...bill.payments, ...bill.refunds, ...bill.others];
    const strange = rows.filter((row) => row.mchid !== ours).length;
    if (strange > 0) throw new UnreadableBillError(`${strange} rows are of another merchant than ${ours}`);
    return bill;
  }

  /** Asked for only when a payment around midnight is not in the bill of its own day. */
  async function paymentsBefore(
    bill: Bill,
    date: string,
    expected: readonly PaidOrder[],
    deadline: AbortSignal | undefined,
  ): Promise<ReadonlySet<string>> {
    const isNeeded = missingThere(bill, expected, new Set()).some((order) => isNearStartOf(date, order));
    if (!isNeeded) return new Set();
    const { payments, others } = await billOf(dayBefore(date), deadline);
    return new Set([...payments, ...others].map(({ transaction_id }) => transaction_id));
  }
}
