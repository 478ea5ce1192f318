import { z } from 'zod';
import { beijingDate } from '../shared/orders/order-agenda.ts';
import { dayBefore, startOf } from '../shared/wechat-pay/bill/expected-orders.ts';

/** WeChat Pay keeps bills for three months (仅支持三个月内的账单), and the one of the day before may be needed too. February makes them shortest. */
const mostDaysBack = 88;

const eventSchema = z.looseObject({ bill_date: z.string().optional() });

/** `{"bill_date":"…"}` asks for a day that has no bill, or none any more. */
export class BillDateError extends Error {
  override readonly name = 'BillDateError';

  constructor(problem: string) {
    super(`bill_date ${problem}`);
  }
}

/** The day of Beijing that is compared: the one the event names, or yesterday. Throws a `BillDateError`. */
export function billDateOf(event: unknown, now: Date): string {
  const { bill_date } = eventSchema.parse(event);
  const yesterday = dayBefore(beijingDate(now));
  if (bill_date === undefined) return yesterday;
  const start = /^\d{4}-\d\d-\d\d$/.test(bill_date) ? startOf(bill_date) : Number.NaN;
  // The 30th of February is read as a day of March.
  if (Number.isNaN(start) || beijingDate(new Date(start)) !== bill_date) {
    throw new BillDateError('must be a day, as 2026-11-26');
  }
  if (bill_date > yesterday)
    throw new BillDateError(`${bill_date} is not over in Beijing: its bill comes the day after`);
  const oldest = beijingDate(new Date(startOf(yesterday) - (mostDaysBack - 1) * 24 * 3_600_000));
  if (bill_date < oldest) {
    throw new BillDateError(
      `${bill_date} is too long ago: WeChat Pay keeps bills for three months, ask for ${oldest} or later`,
    );
  }
  return bill_date;
}
