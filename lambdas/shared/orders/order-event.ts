import { z } from 'zod';
import { itemsSchema } from './items.ts';

/**
 * The states of an order, and how many changes lie behind it in each. State never goes backwards, so of two events of one order that with the
 * higher version is the later one, in whatever order they arrive.
 */
export const orderVersions = { PAYING: 1, PAID: 2, CLOSED: 2, REFUNDING: 3, REFUNDED: 4 } as const;

export type OrderState = keyof typeof orderVersions;

/** What is told of an order whenever it changes: as it is after that, whole, so that a reader needs no other event. */
export const orderEventSchema = z
  .object({
    out_trade_no: z.string().min(1).max(32),
    state: z.enum(Object.keys(orderVersions) as [OrderState, ...OrderState[]]),
    version: z.int().positive().describe('Changes of the order so far, this one included.'),
    amount: z.object({
      total: z.int().nonnegative().describe('In fen.'),
      currency: z.string().length(3),
    }),
    items: itemsSchema.optional().describe('What is ordered. Absent: nothing that is kept in stock.'),
    transaction_id: z.string().optional().describe("WeChat Pay's number of the payment, once there is one."),
    changed_at: z.iso.datetime({ offset: true }),
  })
  .describe(
    'Published to the exchange orders as order.created, order.paid, order.closed, order.refunding or order.refunded.',
  );

export type OrderEvent = z.infer<typeof orderEventSchema>;

/** `order.created`: the one that comes back when the time to pay is over. */
export const orderCreatedSchema = orderEventSchema.extend({ state: z.literal('PAYING') });

export type OrderCreated = z.infer<typeof orderCreatedSchema>;
