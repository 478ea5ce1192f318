import { termsThatDiffer } from './order.ts';
import type { OrderChange } from './order-change.ts';
import type { OrderCreated } from './order-event.ts';

/** The time to pay the order is over: what told of its beginning has come back. */
export function overdueChange({ out_trade_no, amount }: OrderCreated, now: Date): OrderChange {
  return {
    trigger: 'payment.overdue',
    out_trade_no,
    facts: { closed_at: now.toISOString() },
    objectionOf(order) {
      const differing = termsThatDiffer(order, { amount_total: amount.total, currency: amount.currency });
      if (differing.length === 0) return undefined;
      return { reason: `the ${differing.join(', ')} it was made with differ from the order's` };
    },
  };
}
