import { PermanentError } from '../consumer/errors.ts';
import type { PaymentSuccess } from '../wechat-pay/payment-success.ts';
import { isAllReserved, type NewRefund } from './refund-row.ts';
import { type RefundsDeps, requestRefund } from './request-refund.ts';

/** Why a payment must not be kept. */
export type RefundReason =
  | 'paid after it was closed'
  | 'paid twice'
  | 'its goods are unavailable'
  | 'its fulfilment is refused';

/** A payment, as far as it takes to send it back. */
export type KeptPayment = Pick<PaymentSuccess, 'transaction_id' | 'out_trade_no'> & {
  readonly amount: Pick<PaymentSuccess['amount'], 'total' | 'currency'>;
};

/** Of the refund of a payment that must not be kept. */
export function automaticNumber(transaction_id: string): string {
  return `WR${transaction_id}`;
}

/** All of a payment that must not be kept. Its number comes from the payment's: whoever finds it due again finds it asked for. */
export function automaticRefund(
  { transaction_id, out_trade_no, amount }: KeptPayment,
  reason: RefundReason,
  now: Date,
): NewRefund {
  return {
    transaction_id,
    out_refund_no: automaticNumber(transaction_id),
    out_trade_no,
    refund: amount.total,
    total: amount.total,
    currency: amount.currency,
    reason,
    requested_at: now.toISOString(),
  };
}

/** All of it, unless all of it is on its way. Throws a `PermanentError` for one of which a part was sent back: how much is due is for a person. */
export async function sendBack(payment: KeptPayment, reason: RefundReason, deps: RefundsDeps): Promise<void> {
  const outcome = await requestRefund(automaticRefund(payment, reason, deps.now()), deps);
  if (outcome !== 'too-much') return;
  const { transaction_id, out_trade_no } = payment;
  if (isAllReserved(await deps.refunds.sumsOf(transaction_id))) return;
  throw new PermanentError(
    `order ${out_trade_no}: ${reason}, and only a part of that payment is sent back: refund the rest of it in the merchant portal`,
  );
}
