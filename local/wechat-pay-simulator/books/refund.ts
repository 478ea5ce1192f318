import { z } from 'zod';

export const refundStatuses = ['SUCCESS', 'CLOSED', 'PROCESSING', 'ABNORMAL'] as const;
export const settledStatuses = ['SUCCESS', 'CLOSED', 'ABNORMAL'] as const;
export type SettledStatus = (typeof settledStatuses)[number];

export const refundSchema = z.object({
  refund_id: z.string(),
  out_refund_no: z.string(),
  transaction_id: z.string(),
  out_trade_no: z.string(),
  reason: z.string().optional(),
  /** Where its end is told; that of the order when the request named none. */
  notify_url: z.string(),
  create_time: z.string(),
  status: z.enum(refundStatuses),
  success_time: z.string().optional(),
  amount: z.object({ refund: z.int(), total: z.int(), currency: z.string() }),
});
export type Refund = z.infer<typeof refundSchema>;

const account = { channel: 'ORIGINAL', user_received_account: '支付用户零钱' } as const;

/** As it is answered when asked for, and by the query. */
export function toRefundAnswer({ notify_url: _, reason: __, amount, ...refund }: Refund) {
  const { total, currency } = amount;
  return {
    ...refund,
    ...account,
    funds_account: 'AVAILABLE',
    amount: {
      total,
      refund: amount.refund,
      payer_total: total,
      payer_refund: amount.refund,
      settlement_total: total,
      settlement_refund: amount.refund,
      discount_refund: 0,
      currency,
    },
  };
}

/** As a notification tells it. */
export function toRefundResource({ status, amount, ...refund }: Refund, mchid: string) {
  const { out_trade_no, transaction_id, out_refund_no, refund_id, success_time } = refund;
  return {
    mchid,
    out_trade_no,
    transaction_id,
    out_refund_no,
    refund_id,
    refund_status: status,
    ...(success_time !== undefined && { success_time }),
    user_received_account: account.user_received_account,
    amount: {
      total: amount.total,
      refund: amount.refund,
      payer_total: amount.total,
      payer_refund: amount.refund,
    },
  };
}
