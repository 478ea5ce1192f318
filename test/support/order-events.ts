import { randomUUID } from 'node:crypto';
import { type OrderEvent, type OrderState, orderVersions } from '../../lambdas/shared/orders/order-event.ts';

/** The states an order goes through that is paid and given back, first to last. */
export const lifeOfAnOrder: readonly OrderState[] = ['PAYING', 'PAID', 'REFUNDING', 'REFUNDED'];

export function newOrderNumber(): string {
  return `C-${randomUUID().slice(0, 18)}`;
}

export function orderEvent(out_trade_no: string, state: OrderState): OrderEvent {
  return {
    out_trade_no,
    state,
    version: orderVersions[state],
    amount: { total: 8800, currency: 'CNY' },
    ...(orderVersions[state] > 1 && state !== 'CLOSED' && { transaction_id: '4200000000202611230000000001' }),
    changed_at: '2026-11-23T10:00:00+08:00',
  };
}
