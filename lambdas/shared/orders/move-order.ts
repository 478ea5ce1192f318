import { PermanentError, RetryableError } from '../consumer/errors.ts';
import type { Order } from './order.ts';
import { judge, type OrderChange } from './order-change.ts';
import { asChanged, orderMessage } from './order-message.ts';
import type { OrdersStore } from './orders-store.ts';

export interface MoveOrderDeps {
  readonly store: OrdersStore;
  readonly now: () => Date;
  readonly newEventId: () => string;
}

export interface MovedOrder {
  /** `past`: it was a repeat, or too old to change anything. */
  readonly outcome: 'moved' | 'past';
  /** What it is now. */
  readonly order: Order;
}

/** The payment is not the one that its order was paid by: its money must go back. */
export class PaidTwiceError extends PermanentError {
  override readonly name = 'PaidTwiceError';

  constructor(out_trade_no: string, reason: string) {
    super(`order ${out_trade_no}: ${reason}`);
  }
}

/** An order moves three times in its life: more moves than that beside ours are nobody's. */
const mostTries = 3;

/**
 * Applies what happened to its order, once, and stores with it what is told of that. The order is read and judged; then it is moved on condition
 * that it still is what was judged, and judged anew when it is not. Throws a `PermanentError` for what must not be applied, a
 * `RetryableError` for what comes before its order, or before what must happen first.
 */
export async function moveOrder(change: OrderChange, deps: MoveOrderDeps): Promise<MovedOrder> {
  const { store } = deps;
  const { out_trade_no } = change;
  let order = await store.find(out_trade_no);
  for (let tries = 0; tries < mostTries; tries++) {
    // One that is written a moment later than what happened to it is found by the next try.
    if (!order) throw new RetryableError(`there is no order ${out_trade_no}`);
    const verdict = judge(order, change);
    switch (verdict.verdict) {
      case 'past':
        return { outcome: 'past', order };
      case 'early':
        throw new RetryableError(
          `order ${out_trade_no} is ${order.state}: ${change.trigger} comes before what it follows`,
        );
      case 'reject':
        throw verdict.isSecondPayment
          ? new PaidTwiceError(out_trade_no, verdict.reason)
          : new PermanentError(`order ${out_trade_no}: ${verdict.reason}`);
      case 'move': {
        const at = deps.now();
        const to = asChanged(verdict.to, at);
        const result = await store.move(order, to, orderMessage(to, deps.newEventId(), at));
        if (result.outcome === 'moved') return { outcome: 'moved', order: to };
        order = result.order;
        break;
      }
      default:
        throw new Error(`no rule for ${verdict satisfies never}`);
    }
  }
  throw new RetryableError(`order ${out_trade_no} kept changing while it was written`);
}
