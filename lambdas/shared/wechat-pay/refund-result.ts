import { z } from 'zod';

const terms = {
  mchid: z.string().min(1).max(32),
  out_trade_no: z.string().min(1).max(32),
  transaction_id: z.string().min(1).max(32),
  refund_id: z.string().min(1).max(32),
  /** Ours, and the same however often the refund is asked for. */
  out_refund_no: z.string().min(1).max(64),
  amount: z.object({ total: z.int().nonnegative(), refund: z.int().nonnegative() }),
};

/**
 * The message `refund.success`: what WeChat Pay says of money that has come back, without personal data. Amounts are integers in 分; a refund has
 * no currency (facts of the notification `REFUND.SUCCESS`): it is the payment's.
 */
export const refundSuccessSchema = z.object({
  ...terms,
  refund_status: z.literal('SUCCESS'),
  success_time: z.iso.datetime({ offset: true }),
});

export type RefundSuccess = z.infer<typeof refundSuccessSchema>;

/**
 * The messages `refund.abnormal` and `refund.closed`: the money did not come back. ABNORMAL: WeChat Pay still holds it, for the customer's
 * account cannot take it; CLOSED: it is the merchant's again.
 */
export const refundFailureSchema = z.object({ ...terms, refund_status: z.enum(['ABNORMAL', 'CLOSED']) });

export type RefundFailure = z.infer<typeof refundFailureSchema>;

export const refundResultSchema = z.discriminatedUnion('refund_status', [refundSuccessSchema, refundFailureSchema]);

export type RefundResult = z.infer<typeof refundResultSchema>;

export const refundRoutingKeys = {
  SUCCESS: 'refund.success',
  ABNORMAL: 'refund.abnormal',
  CLOSED: 'refund.closed',
} as const satisfies Record<RefundResult['refund_status'], string>;

/** One effect per refund and what became of it, whatever delivered it. */
export function refundBusinessKey({
  mchid,
  out_refund_no,
  refund_status,
}: Pick<RefundResult, 'mchid' | 'out_refund_no' | 'refund_status'>): string {
  return `wechat:${mchid}:${out_refund_no}:REFUND.${refund_status}`;
}
