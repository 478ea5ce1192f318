import { z } from 'zod';
import type { OrderChange } from '../shared/orders/order-change.ts';
import { paymentChange } from '../shared/orders/payment-change.ts';
import { refundChange } from '../shared/orders/refund-change.ts';
import { paymentBusinessKey, paymentSuccessSchema } from '../shared/wechat-pay/payment-success.ts';
import {
  type RefundFailure,
  refundBusinessKey,
  refundFailureSchema,
  refundSuccessSchema,
} from '../shared/wechat-pay/refund-result.ts';

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

/** What moves an order: a refund that failed does not. */
export function changeOf(told: Exclude<ToldByWechatPay, RefundFailure>): OrderChange {
  return told.refund_status === undefined ? paymentChange(told) : refundChange(told);
}

/** One effect per payment and one per refund. */
export function businessKeyOf(told: ToldByWechatPay): string {
  return told.refund_status === undefined ? paymentBusinessKey(told) : refundBusinessKey(told);
}

export function isRefundFailure(told: ToldByWechatPay): told is RefundFailure {
  return told.refund_status === 'ABNORMAL' || told.refund_status === 'CLOSED';
}

/** What a repeat must not tell otherwise. */
export function comparableOf(told: ToldByWechatPay): (string | number)[] {
  const { out_trade_no, amount } = told;
  return told.refund_status === undefined
    ? [out_trade_no, told.appid, told.amount.total, told.amount.currency]
    : [out_trade_no, told.transaction_id, told.refund_id, amount.total, told.amount.refund];
}
