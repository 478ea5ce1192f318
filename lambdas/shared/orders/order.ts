import type { PaymentSuccess } from '../wechat-pay/payment-success.ts';
import type { OrderState } from './order-event.ts';

interface OrderTerms {
  readonly out_trade_no: string;
  readonly mchid: string;
  readonly appid: string;
  /** 分 */
  readonly amount_total: number;
  readonly currency: string;
}

export type Order =
  | (OrderTerms & { readonly state: 'PAYING'; readonly transaction_id?: undefined })
  | (OrderTerms & { readonly state: 'PAID'; readonly transaction_id: string; readonly paid_at: string });

/** Which states an event may find an order in, and where it takes it. State never goes backwards. */
export const transitions = {
  'payment.success': { from: ['PAYING'], to: 'PAID' },
} as const satisfies Record<string, { from: readonly OrderState[]; to: OrderState }>;

/** What a payment means to the order it names. */
export type PaymentVerdict =
  | { readonly verdict: 'apply' }
  /** The order is paid by this very payment already. */
  | { readonly verdict: 'duplicate' }
  /** It must not be applied, whatever is tried again. */
  | { readonly verdict: 'reject'; readonly reason: string };

export function judgePayment(order: Order, payment: PaymentSuccess): PaymentVerdict {
  const mismatch = termsThatDiffer(order, payment);
  if (mismatch.length > 0) {
    return { verdict: 'reject', reason: `the payment's ${mismatch.join(', ')} differ from the order's` };
  }
  const prior: readonly OrderState[] = transitions['payment.success'].from;
  if (prior.includes(order.state)) return { verdict: 'apply' };
  if (order.transaction_id === payment.transaction_id) return { verdict: 'duplicate' };
  return { verdict: 'reject', reason: `the order is ${order.state} by another payment` };
}

function termsThatDiffer(order: Order, { mchid, appid, amount }: PaymentSuccess): string[] {
  const paid = { mchid, appid, amount_total: amount.total, currency: amount.currency };
  return (['mchid', 'appid', 'amount_total', 'currency'] as const).filter((term) => order[term] !== paid[term]);
}
