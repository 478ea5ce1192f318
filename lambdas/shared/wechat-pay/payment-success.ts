import { z } from 'zod';

/**
 * The message `payment.success`: what WeChat Pay says of a paid order, without personal data (no openid). Written by the
 * ingress, read by the consumers; amounts are integers in 分.
 */
export const paymentSuccessSchema = z.object({
  mchid: z.string().min(1).max(32),
  appid: z.string().min(1).max(32),
  out_trade_no: z.string().min(1).max(32),
  transaction_id: z.string().min(1).max(32),
  trade_state: z.literal('SUCCESS'),
  success_time: z.iso.datetime({ offset: true }),
  amount: z.object({ total: z.int().nonnegative(), currency: z.string().length(3) }),
});

export type PaymentSuccess = z.infer<typeof paymentSuccessSchema>;

export const paymentSuccessRoutingKey = 'payment.success';

/** One effect per payment, whatever delivered it. */
export function paymentBusinessKey({
  mchid,
  transaction_id,
}: Pick<PaymentSuccess, 'mchid' | 'transaction_id'>): string {
  return `wechat:${mchid}:${transaction_id}:TRANSACTION.SUCCESS`;
}
