import { z } from 'zod';
import { paymentBusinessKey, paymentSuccessSchema } from '../shared/wechat-pay/payment-success.ts';
import { refundBusinessKey, refundFailureSchema, refundSuccessSchema } from '../shared/wechat-pay/refund-result.ts';

/**
 * What the queue holds: payments and refunds. WeChat Pay's own field tells them apart, which a refund has and a payment has not; a routing key
 * would not do: a message that is sent to the queue by hand has the queue's name.
 */
export const toldByWechatPaySchema = z.discriminatedUnion('refund_status', [
  paymentSuccessSchema.extend({ refund_status: z.undefined().optional() }),
  refundSuccessSchema,
  refundFailureSchema,
]);

export type ToldByWechatPay = z.infer<typeof toldByWechatPaySchema>;

/** One effect per payment and one per refund. */
export function businessKeyOf(told: ToldByWechatPay): string {
  return told.refund_status === undefined ? paymentBusinessKey(told) : refundBusinessKey(told);
}

/** What a repeat must not tell otherwise. */
export function comparableOf(told: ToldByWechatPay): (string | number)[] {
  const { out_trade_no, amount } = told;
  return told.refund_status === undefined
    ? [out_trade_no, told.appid, told.amount.total, told.amount.currency]
    : [out_trade_no, told.transaction_id, told.refund_id, amount.total, told.amount.refund];
}
