import { z } from 'zod';
import { itemsSchema, newItemsSchema } from './items.ts';

const terms = {
  out_trade_no: z.string(),
  mchid: z.string(),
  appid: z.string(),
  /** 分 */
  amount_total: z.int(),
  currency: z.string(),
};

/** Fixed too, and not there for what is kept in no stock. */
const goods = { items: itemsSchema.optional() };

/** When it came into its state, as was told of that. Orders that have not moved since this is stored have none. */
const changed = { changed_at: z.string().optional() };

const none = z.undefined().optional();
const unpaid = { transaction_id: none, paid_at: none, refund_id: none, refunded_at: none };
const paid = { transaction_id: z.string(), paid_at: z.string() };
/** An order that was paid after it was closed keeps the time of its end. */
const perhapsClosed = { closed_at: z.string().optional() };

const paying = z.object({ ...terms, ...goods, ...changed, ...unpaid, state: z.literal('PAYING'), closed_at: none });

/** An order as it is stored, and what must be known of it in each state. Other attributes of the item are nobody's business here. */
export const orderSchema = z.discriminatedUnion('state', [
  paying,
  z.object({
    ...terms,
    ...goods,
    ...changed,
    ...paid,
    state: z.literal('PAID'),
    closed_at: none,
    refund_id: none,
    refunded_at: none,
  }),
  z.object({ ...terms, ...goods, ...changed, ...unpaid, state: z.literal('CLOSED'), closed_at: z.string() }),
  z.object({
    ...terms,
    ...goods,
    ...changed,
    ...paid,
    ...perhapsClosed,
    state: z.literal('REFUNDING'),
    refund_id: none,
    refunded_at: none,
  }),
  z.object({
    ...terms,
    ...goods,
    ...changed,
    ...paid,
    ...perhapsClosed,
    state: z.literal('REFUNDED'),
    refund_id: z.string(),
    refunded_at: z.string(),
  }),
]);

export type Order = z.infer<typeof orderSchema>;

/** One of which is known when it came into its state. */
export type ChangedOrder = Order & { readonly changed_at: string };

/** One that is just made: what every reader would refuse is refused here, where somebody hears of it. */
export const newOrderSchema = paying.extend({ items: newItemsSchema.optional() });

/** One that waits for its payment. */
export type NewOrder = Extract<Order, { state: 'PAYING' }>;

/** What an order is made with, and keeps. */
export type OrderTerm = Exclude<keyof typeof terms, 'out_trade_no'>;

/** The names of what is said of an order and is not so. */
export function termsThatDiffer(order: Order, said: Partial<Pick<Order, OrderTerm>>): string[] {
  const names: readonly OrderTerm[] = ['mchid', 'appid', 'amount_total', 'currency'];
  return names.filter((name) => said[name] !== undefined && said[name] !== order[name]);
}
