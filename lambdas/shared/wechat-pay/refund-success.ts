import { z } from 'zod';

/**
 * The message `refund.success`: what WeChat Pay says of money that has come back, without personal data. Amounts are integers in 分; a refund has
 * no currency (facts of the notification `REFUND.SUCCESS`): it is the payment's.
 */
export const refundSuccessSchema = z.object({
  mchid: z.string().min(1).max(32),
  out_trade_no: z.string().min(1).max(32),
  transaction_id: z.string().min(1).max(32),
  refund_id: z.string().min(1).max(32),
  /** Ours, and the same however often the refund is asked for. */
  out_refund_no: z.string().min(1).max(64),
  refund_status: z.literal('SUCCESS'),
  success_time: z.iso.datetime({ offset: true }),
  amount: z.object({ total: z.int().nonnegative(), refund: z.int().nonnegative() }),
});

export type RefundSuccess = z.infer<typeof refundSuccessSchema>;

export const refundSuccessRoutingKey = 'refund.success';

/** One effect per refund, whatever delivered it. */
export function refundBusinessKey({ mchid, out_refund_no }: RefundSuccess): string {
  return `wechat:${mchid}:${out_refund_no}:REFUND.SUCCESS`;
}
