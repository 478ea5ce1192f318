import { z } from 'zod';
import { itemsSchema } from '../orders/items.ts';
import { orderEventSchema } from '../orders/order-event.ts';

const { out_trade_no, amount, transaction_id } = orderEventSchema.shape;

/** What is told of the goods of a paid order: that they are its own, or that there are too few. */
export const stockEventSchema = z
  .object({
    event: z.enum(['stock.confirmed', 'stock.unavailable']),
    out_trade_no,
    amount,
    transaction_id: transaction_id.unwrap(),
    items: itemsSchema,
    changed_at: z.iso.datetime({ offset: true }),
  })
  .describe('Published to the exchange orders, under its event as routing key.');

export type StockEvent = z.infer<typeof stockEventSchema>;

/** The time of a reservation is over: what its beginning has sent to itself. */
export const stockExpiredSchema = z.object({
  event: z.literal('stock.expired'),
  out_trade_no,
  expires_at: z.iso.datetime(),
});

export type StockExpired = z.infer<typeof stockExpiredSchema>;

/** Of an order that was just paid. */
export function stockEvent(
  event: StockEvent['event'],
  order: Pick<StockEvent, 'out_trade_no' | 'amount' | 'transaction_id' | 'items'>,
  now: Date,
): StockEvent {
  return {
    event,
    out_trade_no: order.out_trade_no,
    amount: order.amount,
    transaction_id: order.transaction_id,
    items: order.items,
    changed_at: now.toISOString(),
  };
}
