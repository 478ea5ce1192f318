import type { Order } from '../orders/order.ts';
import type { SagaMark, SagaRow } from './saga-row.ts';

/** What has to be told next for the order to come to its end; `undefined`: it is there. */
export function waitsFor({ marks }: SagaRow, { state, items }: Pick<Order, 'state' | 'items'>): SagaMark | undefined {
  const has = (...some: readonly SagaMark[]): boolean => some.some((mark) => marks[mark] !== undefined);
  if (has('refunded') || state === 'REFUNDED') return undefined;
  if (state === 'REFUNDING' || has('refunding')) return 'refunded';
  if (has('goods unavailable', 'fulfilment refused')) return 'refunding';
  if (has('fulfilment accepted')) return undefined;
  return items !== undefined && !has('goods confirmed') ? 'goods confirmed' : 'fulfilment accepted';
}
