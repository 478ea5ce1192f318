import type { Items } from '../orders/items.ts';
import type { OrderState } from '../orders/order-event.ts';
import type { Reservation, ReservationState } from '../stock/reservation.ts';
import type { OrderBooks, StoredOrder } from './books.ts';
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

/**
 * Goods are reserved, sold and given back as their order stands, and lie ready no longer than they may; of an order without goods there is no
 * reservation.
 */
export function compareStock({ out_trade_no, order, reservation }: OrderBooks, settledAt: Date): Difference[] {
  const state = reservation?.state ?? 'none';
  const terms = order ? [...states(order, reservation, settledAt), ...pieces(order.items, reservation?.items)] : [];
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

function states({ state: one, items }: StoredOrder, reservation: Reservation | undefined, settledAt: Date): Term[] {
  const state = reservation?.state ?? 'none';
  const until = reservation?.expires_at;
  const allowed = items === undefined ? ['none'] : fitting[one];
  if (!allowed.includes(state)) return [{ what: 'state', one, other: state }];
  // Nobody has let them go when their time was over, and no other order can have them.
  const isOverdue = state === 'RESERVED' && until !== undefined && Date.parse(until) < settledAt.getTime();
  return isOverdue ? [{ what: 'state', one, other: `${state} until ${until}` }] : [];
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
