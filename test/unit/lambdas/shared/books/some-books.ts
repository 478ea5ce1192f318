import type { OrderBooks } from '../../../../../lambdas/shared/books/books.ts';
import { type Order, orderSchema } from '../../../../../lambdas/shared/orders/order.ts';
import { type OrderState, orderEventSchema } from '../../../../../lambdas/shared/orders/order-event.ts';
import { asChanged, orderMessage } from '../../../../../lambdas/shared/orders/order-message.ts';
import type { RefundRow } from '../../../../../lambdas/shared/refunds/refund-row.ts';
import type { Reservation, ReservationState } from '../../../../../lambdas/shared/stock/reservation.ts';
import { now } from '../../builders.ts';

const merchant = { mchid: '1900000001', appid: 'wx0000000000000001' };
const time = now.toISOString();
export const items = [
  { sku: 'tea', quantity: 2 },
  { sku: 'cup', quantity: 1 },
];

/** An order in that state, of 8800 fen. */
export function orderIn(state: OrderState, more: object = {}): Order {
  const unpaid = { ...merchant, out_trade_no: 'N1', amount_total: 8800, currency: 'CNY', state };
  const paid = state === 'PAYING' || state === 'CLOSED' ? {} : { transaction_id: 'T1', paid_at: time };
  const closed = state === 'CLOSED' ? { closed_at: time } : {};
  const back = state === 'REFUNDED' ? { refund_id: '50', refunded_at: time } : {};
  return orderSchema.parse({ ...unpaid, ...paid, ...closed, ...back, ...more });
}

export function entryOf(order: Order, changes: object = {}) {
  const event = JSON.parse(orderMessage(asChanged(order, now), 'e', now).message.payload);
  return { ...orderEventSchema.parse({ ...event, ...changes }), recorded_at: time };
}

export function refund(state: RefundRow['state'], fen = 8800, changes: Partial<RefundRow> = {}): RefundRow {
  return {
    transaction_id: 'T1',
    out_refund_no: `R${fen}${state}`,
    out_trade_no: 'N1',
    refund: fen,
    total: 8800,
    currency: 'CNY',
    state,
    reason: 'a test',
    requested_by: 'lin',
    requested_at: time,
    ...changes,
  };
}

export function sumsOf(...refunds: readonly RefundRow[]) {
  const sum = (...states: readonly string[]) =>
    refunds.filter(({ state }) => states.includes(state)).reduce((total, one) => total + one.refund, 0);
  return { total: 8800, reserved: sum('REQUESTED', 'PROCESSING', 'ABNORMAL', 'SUCCESS'), refunded: sum('SUCCESS') };
}

export function reservationIn(state: ReservationState, of = items): Reservation {
  return { out_trade_no: 'N1', state, items: of, changed_at: time };
}

/** What all books say of an order in that state, when nothing is wrong. */
export function booksOf(order: Order, changes: Partial<OrderBooks> = {}): OrderBooks {
  const refunds =
    order.state === 'REFUNDED' ? [refund('SUCCESS')] : order.state === 'REFUNDING' ? [refund('PROCESSING')] : [];
  return {
    out_trade_no: order.out_trade_no,
    order,
    entry: entryOf(order),
    refunds,
    sums: refunds.length === 0 ? undefined : sumsOf(...refunds),
    reservation: undefined,
    ...changes,
  };
}
