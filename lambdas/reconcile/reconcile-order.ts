import { type CloseUnpaidDeps, checkMerchant, closeUnpaid, isPaid, mayBePaid } from '../shared/orders/close-unpaid.ts';
import { moveOrder } from '../shared/orders/move-order.ts';
import { type Order, orderSchema } from '../shared/orders/order.ts';
import type { OrderChange } from '../shared/orders/order-change.ts';
import { orderVersions } from '../shared/orders/order-event.ts';
import { overdueChange } from '../shared/orders/overdue-change.ts';
import type { DueItem } from './due.ts';

/** `found`: it is paid, and that is told. `past`: it waits no more, and the index does not know it yet. */
export type OrderOutcome = 'found' | 'closed' | 'waiting' | 'past';

export interface ReconcileOrderDeps extends CloseUnpaidDeps {
  readonly closeAfterMs: number;
}

/** Asks WeChat Pay about an order that waits for its payment, and does what a notification would have done. */
export async function reconcileOrder(
  { item, created_at }: DueItem,
  deps: ReconcileOrderDeps,
  deadline: AbortSignal,
): Promise<OrderOutcome> {
  const order = orderSchema.parse(item);
  if (order.state !== 'PAYING') return 'past';
  await checkMerchant(order, deps.api);
  const found = await deps.api.queryOrder(order.out_trade_no, deadline);
  if (found && isPaid(found)) {
    await deps.tell.payment({ ...found, trade_state: 'SUCCESS' }, deadline);
    return 'found';
  }
  const change = overdue(order, deps.now());
  if (found && !mayBePaid(found)) {
    await moveOrder(change, deps);
    return 'closed';
  }
  const age = created_at === undefined ? 0 : deps.now().getTime() - Date.parse(created_at);
  if (age < deps.closeAfterMs) return 'waiting';
  const { outcome } = await closeUnpaid(change, deps, deadline);
  return outcome === 'paid' ? 'found' : 'closed';
}

function overdue({ out_trade_no, amount_total, currency }: Order, now: Date): OrderChange {
  return overdueChange(
    {
      out_trade_no,
      state: 'PAYING',
      version: orderVersions.PAYING,
      amount: { total: amount_total, currency },
      changed_at: now.toISOString(),
    },
    now,
  );
}
