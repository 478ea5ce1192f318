import type { Items } from '../orders/items.ts';
import type { OrderState } from '../orders/order-event.ts';
import type { ReservationState } from '../stock/reservation.ts';
import type { OrderBooks } from './books.ts';
import type { Difference, Term } from './difference.ts';

/** How the goods of an order may stand, when nothing is on its way. `none`: nothing has happened to them. */
const fitting: Readonly<Record<OrderState, readonly (ReservationState | 'none')[]>> = {
  // CANCELLED: what was reserved for it was not paid in time.
  PAYING: ['RESERVED', 'LACKING', 'CANCELLED'],
  PAID: ['CONFIRMED'],
  CLOSED: ['CANCELLED', 'none'],
  REFUNDING: ['CANCELLED', 'UNAVAILABLE', 'RETURNED'],
  REFUNDED: ['CANCELLED', 'UNAVAILABLE', 'RETURNED'],
};

/** Goods are reserved, sold and given back as their order stands; of an order without goods there is no reservation. */
export function compareStock({ out_trade_no, order, reservation }: OrderBooks): Difference[] {
  const state = reservation?.state ?? 'none';
  const terms = order ? [...states(order.state, state, order.items), ...pieces(order.items, reservation?.items)] : [];
  const isOrphan = order === undefined && reservation !== undefined;
  if (terms.length === 0 && !isOrphan) return [];
  const orphan: Term[] = isOrphan ? [{ what: 'state', one: 'no order', other: state }] : [];
  return [
    {
      kind: isOrphan ? 'order-missing' : 'reservation-misfit',
      subject: out_trade_no,
      books: ['Orders', 'Stock'],
      terms: [...orphan, ...terms],
    },
  ];
}

function states(order: OrderState, state: ReservationState | 'none', items: Items | undefined): Term[] {
  const allowed = items === undefined ? ['none'] : fitting[order];
  return allowed.includes(state) ? [] : [{ what: 'state', one: order, other: state }];
}

/** The same pieces of each kind. */
function pieces(ordered: Items | undefined, reserved: Items | undefined): Term[] {
  if (!ordered || !reserved) return [];
  const [one, other] = [textOf(ordered), textOf(reserved)];
  return one === other ? [] : [{ what: 'pieces', one, other }];
}

export function textOf(items: Items): string {
  const sorted = [...items].sort((one, other) => (one.sku < other.sku ? -1 : 1));
  return sorted.map(({ sku, quantity }) => `${quantity} of ${sku}`).join(', ');
}
