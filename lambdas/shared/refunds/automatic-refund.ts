import type { PaymentSuccess } from '../wechat-pay/payment-success.ts';
import type { NewRefund } from './refund-row.ts';

/** Of the refund of a payment that must not be kept. */
export function automaticNumber(transaction_id: string): string {
  return `WR${transaction_id}`;
}

/** All of a payment that must not be kept. Its number comes from the payment's: whoever finds it due again finds it asked for. */
export function automaticRefund(
  { transaction_id, out_trade_no, amount }: PaymentSuccess,
  reason: 'paid after it was closed' | 'paid twice',
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
