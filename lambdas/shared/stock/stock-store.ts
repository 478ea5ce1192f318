import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { Goods, Reservation } from './reservation.ts';

export type MoveResult =
  | 'moved'
  /** Somebody else has moved it since `from` was read. Nothing was written. */
  | 'changed'
  /** There are too few of something. Nothing was written. */
  | 'short';

/** Goods and their reservations at rest. No count MUST ever be below zero, whatever comes at the same moment. */
export interface StockStore {
  /** The goods of an order as they stand, not as they stood a moment ago. */
  find(out_trade_no: string): Promise<Reservation | undefined>;
  /** How many there are. A sku that nobody has heard of has none of anything. */
  goods(sku: string): Promise<Goods>;
  /**
   * Puts the reservation in its new state, each piece of it from where it lay (`placeOf`) to where it lies then, and stores what is told of that.
   * MUST write all of that together, or nothing; and nothing unless the reservation still is in the state of `from`. `from` of `undefined`: there is none.
   * MUST end soon after the deadline. Default: as long as it takes.
   */
  move(
    from: Reservation | undefined,
    to: Reservation,
    messages: readonly OutboxMessage[],
    deadline?: AbortSignal,
  ): Promise<MoveResult>;
}
