import { z } from 'zod';

/** The message `refund.requested`: which row says what to ask WeChat Pay for. */
export const refundRequestedSchema = z.object({
  transaction_id: z.string().min(1).max(32),
  out_refund_no: z.string().min(1).max(64),
  out_trade_no: z.string().min(1).max(32),
});

export type RefundRequested = z.infer<typeof refundRequestedSchema>;
