import { z } from 'zod';

/**
 * The message `profitsharing.success`: money of a payment went on to a receiver (分账动账通知). Without the receiver's account, which is a person's
 * openid or a merchant's number. Amounts are integers in 分.
 */
export const profitSharingSchema = z.object({
  mchid: z.string().min(1).max(32),
  transaction_id: z.string().min(1).max(32),
  order_id: z.string().min(1).max(64),
  out_order_no: z.string().min(1).max(64),
  receiver: z.object({ type: z.string().max(64), amount: z.int().nonnegative() }),
  success_time: z.iso.datetime({ offset: true }),
});

export const profitSharingRoutingKey = 'profitsharing.success';
