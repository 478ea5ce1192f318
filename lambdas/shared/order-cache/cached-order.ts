import type { z } from 'zod';
import { type OrderEvent, orderEventSchema } from '../orders/order-event.ts';

/**
 * What the cache holds of an order: what its events and its row both know, so that one version of an order is one value, whoever put it.
 * When it changed is left out: the row of an order that waits for its payment does not say.
 */
export const cachedOrderSchema = orderEventSchema.omit({ changed_at: true });

export type CachedOrder = z.infer<typeof cachedOrderSchema>;

export function cachedOrderOf(event: OrderEvent): CachedOrder {
  return cachedOrderSchema.parse(event);
}
