import { z } from 'zod';
import { toRefundAnswer } from '../books/refund.ts';
import type { Refunds } from '../books/refunds.ts';
import { notify_urlSchema, out_trade_noSchema } from './prepay.ts';
import { type ApiAnswer, jsonAnswer, parsed } from './request.ts';

const refundSchema = z
  .object({
    transaction_id: z.string().min(1).max(32).optional(),
    out_trade_no: out_trade_noSchema.optional(),
    out_refund_no: z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/),
    reason: z.string().max(80).optional(),
    notify_url: notify_urlSchema.optional(),
    amount: z.object({ refund: z.int().positive(), total: z.int().positive(), currency: z.literal('CNY') }),
  })
  .refine(({ transaction_id, out_trade_no }) => transaction_id !== undefined || out_trade_no !== undefined, {
    error: 'transaction_id or out_trade_no is missing',
  });

/** `onNew` hears of a refund that was not asked for before. */
export function requestRefund(body: Buffer, refunds: Refunds, onNew: (out_refund_no: string) => void): ApiAnswer {
  const { refund, isNew } = refunds.request(parsed(refundSchema, body));
  const answer = jsonAnswer(200, toRefundAnswer(refund));
  if (isNew) onNew(refund.out_refund_no);
  return answer;
}
