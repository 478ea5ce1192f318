import { z } from 'zod';

/** What WeChat Pay answers of a refund, when it is asked for and when it is queried (申请退款, 查询单笔退款). Amounts are integers in 分. */
export const refundSchema = z.object({
  refund_id: z.string().min(1).max(32),
  out_refund_no: z.string().min(1).max(64),
  transaction_id: z.string().min(1).max(32),
  out_trade_no: z.string().min(1).max(32),
  /** A notification calls it `refund_status`. */
  status: z.enum(['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL']),
  success_time: z.iso.datetime({ offset: true }).optional(),
  amount: z.object({ total: z.int().nonnegative(), refund: z.int().nonnegative() }),
});

export type Refund = z.infer<typeof refundSchema>;

/** A refund as it is asked for. Asked for again, with the same `out_refund_no`, it is the same refund. */
export interface RefundRequest {
  readonly transaction_id: string;
  readonly out_refund_no: string;
  /** Shown to the customer, at most 80 bytes. */
  readonly reason?: string | undefined;
  /** Where WeChat Pay tells what became of it. Absent: where the merchant portal says. */
  readonly notify_url?: string | undefined;
  readonly amount: { readonly refund: number; readonly total: number; readonly currency: string };
}
