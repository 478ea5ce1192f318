import { z } from 'zod';
import { type RefundRow, type RefundSums, refundRowSchema } from './refund-row.ts';

/** Beside its refunds lies the sum of a payment, under a number that is none: WeChat Pay's have no `#`. */
export const sumKey = '#sum';

export const sumsSchema = z.object({
  total: z.int(),
  reserved: z.int(),
  refunded: z.int(),
  last: z.object({ refund_id: z.string(), success_time: z.string() }).optional(),
});

/** What was asked for of one payment. */
export interface RefundsOfPayment {
  readonly refunds: readonly RefundRow[];
  readonly sums: RefundSums | undefined;
}

/** From all the items of that payment. Throws a `ZodError`. */
export function refundsOfItems(items: readonly Record<string, unknown>[]): RefundsOfPayment {
  const sum = items.find(({ out_refund_no }) => out_refund_no === sumKey);
  return {
    refunds: items.filter((item) => item !== sum).map((item) => refundRowSchema.parse(item)),
    sums: sum && sumsSchema.parse(sum),
  };
}
