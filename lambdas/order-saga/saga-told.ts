import { z } from 'zod';
import { type FulfilmentEvent, fulfilmentEventSchema } from '../shared/fulfilment/fulfilment-event.ts';
import { type OrderEvent, orderEventSchema } from '../shared/orders/order-event.ts';
import type { SagaMark } from '../shared/saga/saga-row.ts';
import { type StockEvent, stockEventSchema } from '../shared/stock/stock-event.ts';

/** What an order sends to itself when it should have come to its end. */
export const sagaCheckSchema = z.object({
  event: z.literal('saga.check'),
  out_trade_no: z.string().min(1).max(32),
  /** The how manieth: each is one effect. */
  check: z.int().positive(),
});

export type SagaCheck = z.infer<typeof sagaCheckSchema>;

const orderToldSchema = orderEventSchema.extend({ state: z.enum(['PAID', 'REFUNDING', 'REFUNDED']) });

/** All that is told of a paid order. */
export const sagaToldSchema = z.union([sagaCheckSchema, stockEventSchema, fulfilmentEventSchema, orderToldSchema]);

export type SagaTold = SagaCheck | StockEvent | FulfilmentEvent | z.infer<typeof orderToldSchema>;

export type ToldEvent = Exclude<SagaTold, SagaCheck>;

export const markOf = {
  PAID: 'paid',
  REFUNDING: 'refunding',
  REFUNDED: 'refunded',
  'stock.confirmed': 'goods confirmed',
  'stock.unavailable': 'goods unavailable',
  'fulfilment.accepted': 'fulfilment accepted',
  'fulfilment.refused': 'fulfilment refused',
} as const satisfies Partial<Record<OrderEvent['state'] | StockEvent['event'] | FulfilmentEvent['event'], SagaMark>>;

export function nameOf(told: ToldEvent): keyof typeof markOf;
export function nameOf(told: SagaTold): keyof typeof markOf | 'saga.check';
export function nameOf(told: SagaTold): keyof typeof markOf | 'saga.check' {
  return 'event' in told ? told.event : told.state;
}
