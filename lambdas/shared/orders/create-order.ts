import type { MoveOrderDeps } from './move-order.ts';
import type { NewOrder } from './order.ts';
import { asChanged, orderMessage } from './order-message.ts';

/** Another order has that number. */
export class OrderExistsError extends Error {
  override readonly name = 'OrderExistsError';

  constructor(out_trade_no: string) {
    super(`there is an order ${out_trade_no} already`);
  }
}

/** Stores a new order and `order.created` together: half an hour later that closes it, if nobody has paid. Throws an `OrderExistsError`. */
export async function createOrder(order: NewOrder, { store, now, newEventId }: MoveOrderDeps): Promise<void> {
  const at = now();
  const created = asChanged(order, at);
  const outcome = await store.create(created, orderMessage(created, newEventId(), at));
  if (outcome === 'taken') throw new OrderExistsError(order.out_trade_no);
}
