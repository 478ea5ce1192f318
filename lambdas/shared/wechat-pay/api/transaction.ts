import { z } from 'zod';
import { paymentSuccessSchema } from '../payment-success.ts';

/** What the query of an order answers, as far as we act on it; without personal data. A paid order has all that its notification has. */
export const transactionSchema = z.discriminatedUnion('trade_state', [
  paymentSuccessSchema,
  // Paid, and money has been sent back since: of that tells the refund.
  paymentSuccessSchema.extend({ trade_state: z.literal('REFUND') }),
  z.object({
    mchid: z.string(),
    out_trade_no: z.string(),
    trade_state: z.enum(['NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT']),
  }),
]);

export type Transaction = z.infer<typeof transactionSchema>;
