import { checkTransitions, statesAhead, type Transitions } from './check-transitions.ts';
import { type OrderState, orderVersions } from './order-event.ts';

/** Of an order that was just made. */
export const initialState = 'PAYING' satisfies OrderState;

/**
 * What moves an order, and where it takes it from each state it may find it in. This is all there is to know about an order's life: code asks
 * the table, `lambdas/orders/README.md` draws it (`npm run order-states`), and it is checked when it is loaded.
 */
export const transitions = {
  // Paid after it was closed: nobody ships it any more, so the money must come back.
  'payment.success': { PAYING: 'PAID', CLOSED: 'REFUNDING' },
  'payment.overdue': { PAYING: 'CLOSED' },
  'refund.requested': { PAID: 'REFUNDING' },
  'refund.success': { REFUNDING: 'REFUNDED' },
} as const satisfies Transitions<OrderState>;

checkTransitions(transitions, orderVersions, initialState);

/** What can happen to an order. What is told of it afterwards is an `OrderEvent`. */
export type OrderTrigger = keyof typeof transitions;

export type Step =
  | { readonly step: 'move'; readonly to: OrderState }
  /** No state that it may find the order in can still come: it was here before, or something later was. */
  | { readonly step: 'past' }
  /** Such a state is still to come: what must happen before it was not told yet. */
  | { readonly step: 'early' };

/** What becomes of an order in that state when this happens. */
export function stepOf(state: OrderState, trigger: OrderTrigger): Step {
  const moves: Transitions<OrderState>[string] = transitions[trigger];
  const to = moves[state];
  if (to !== undefined) return { step: 'move', to };
  const ahead = statesAhead(transitions, state);
  return { step: Object.keys(moves).some((prior) => ahead.has(prior)) ? 'early' : 'past' };
}
