import type { MoveOrderDeps } from './move-order.ts';
import { type NewOrder, newOrderSchema } from './order.ts';
import { asChanged, orderMessage } from './order-message.ts';

/** Another order has that number. */
export class OrderExistsError extends Error {
  override readonly name = 'OrderExistsError';

  constructor(out_trade_no: string) {
    super(`there is an order ${out_trade_no} already`);
  }
}

/** Nobody could read it: its payment would not be noted, nor would it be closed. */
export class InvalidOrderError extends Error {
  override readonly name = 'InvalidOrderError';

  constructor(out_trade_no: string, problems: readonly string[]) {
    super(`order ${out_trade_no} is not made: ${problems.join('; ')}`);
  }
}

/**
 * Stores a new order and `order.created` together: half an hour later that closes it, if nobody has paid. Throws an `OrderExistsError`, or an
 * `InvalidOrderError`.
 */
export async function createOrder(given: NewOrder, { store, now, newEventId }: MoveOrderDeps): Promise<void> {
  const { data: order, error } = newOrderSchema.safeParse(given);
  if (error) throw new InvalidOrderError(given.out_trade_no, error.issues.map(problemOf));
  const at = now();
  const created = asChanged(order, at);
  const outcome = await store.create(created, orderMessage(created, newEventId(), at));
  if (outcome === 'taken') throw new OrderExistsError(order.out_trade_no);
}

/** Where, and what: zod's messages tell types, limits and names of fields, and no values. */
function problemOf({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string {
  return `${path.map(String).join('.') || 'the order'}: ${message}`;
}
