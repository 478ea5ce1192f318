import { z } from 'zod';
import { itemsSchema } from '../orders/items.ts';

/**
 * How the goods of an order stand.
 *
 * - `RESERVED`: they lie ready for it until `expires_at`.
 * - `LACKING`: there were too few, and nothing is reserved. Its payment tries once more.
 * - `CANCELLED`: it is closed, or was not paid in time; also before anything was reserved, so that what comes late reserves nothing.
 * - `CONFIRMED`: it is paid, and they are sold.
 * - `UNAVAILABLE`: it is paid, and there are too few: its money goes back.
 * - `RETURNED`: its money goes back, and they lie there for others again. Nothing comes after that.
 */
export const reservationStates = ['RESERVED', 'LACKING', 'CANCELLED', 'CONFIRMED', 'UNAVAILABLE', 'RETURNED'] as const;

export type ReservationState = (typeof reservationStates)[number];

/** The goods of one order, as they are stored. */
export const reservationSchema = z.object({
  out_trade_no: z.string(),
  state: z.enum(reservationStates),
  items: itemsSchema,
  /** Until when they lie ready, of what was reserved. */
  expires_at: z.string().optional(),
  changed_at: z.string(),
});

export type Reservation = Readonly<z.infer<typeof reservationSchema>>;

const pieces = z.int().nonnegative();

/** How many there are of one kind. Their sum changes when goods come in, and by nothing that happens to an order. */
export const goodsSchema = z.object({
  sku: z.string(),
  /** For whoever comes next. */
  available: pieces,
  /** For orders that may still be paid. */
  reserved: pieces,
  /** Of orders that are paid. */
  sold: pieces,
});

export type Goods = Readonly<z.infer<typeof goodsSchema>>;

/** Where a piece lies. */
export type Place = 'available' | 'reserved' | 'sold';

const places: Readonly<Record<ReservationState, Place>> = {
  RESERVED: 'reserved',
  LACKING: 'available',
  CANCELLED: 'available',
  CONFIRMED: 'sold',
  UNAVAILABLE: 'available',
  RETURNED: 'available',
};

/** Where the goods of an order lie. `undefined`: nothing has happened to them yet. */
export function placeOf(state: ReservationState | undefined): Place {
  return state === undefined ? 'available' : places[state];
}
