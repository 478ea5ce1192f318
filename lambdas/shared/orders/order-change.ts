import { type Order, orderSchema } from './order.ts';
import { type OrderTrigger, stepOf } from './transitions.ts';

/** Something that happened to an order, wherever it was told. */
export interface OrderChange {
  readonly trigger: OrderTrigger;
  readonly out_trade_no: string;
  /** What the order must remember of it. */
  readonly facts: Readonly<
    Partial<Record<'transaction_id' | 'paid_at' | 'closed_at' | 'refund_id' | 'refunded_at', string>>
  >;
  /** Why it must not be applied to this order, in whatever state that is, and however often it is tried. */
  objectionOf(order: Order): Objection | undefined;
}

export interface Objection {
  readonly reason: string;
  /** The order was paid by another payment, and this one's money must go back. */
  readonly isSecondPayment?: boolean;
}

export type Verdict =
  /** The order must be moved; it is then as `to` says. */
  | { readonly verdict: 'move'; readonly to: Order }
  /** A repeat, or older than what happened since. */
  | { readonly verdict: 'past' }
  /** What must happen before it was not told yet. */
  | { readonly verdict: 'early' }
  | ({ readonly verdict: 'reject' } & Objection);

/** What something that happened means to its order. */
export function judge(order: Order, change: OrderChange): Verdict {
  const objection = change.objectionOf(order);
  if (objection) return { verdict: 'reject', ...objection };
  const step = stepOf(order.state, change.trigger);
  if (step.step !== 'move') return { verdict: step.step };
  return { verdict: 'move', to: orderSchema.parse({ ...order, ...change.facts, state: step.to }) };
}
