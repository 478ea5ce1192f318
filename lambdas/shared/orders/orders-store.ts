import type { OutboxMessage } from '../outbox/outbox-message.ts';
import type { NewOrder, Order } from './order.ts';

export type MoveResult =
  | { readonly outcome: 'moved' }
  /** Nothing was written; the order as it stands. */
  | { readonly outcome: 'not-moved'; readonly order: Order | undefined };

/** Orders at rest. What is written with an event MUST be written together with it or not at all. */
export interface OrdersStore {
  /** The order as it stands, not as it stood a moment ago. */
  find(out_trade_no: string): Promise<Order | undefined>;
  /** MUST write neither the order nor the event when its number is taken, and answer that. */
  create(order: NewOrder, event: OutboxMessage): Promise<'created' | 'taken'>;
  /**
   * MUST write neither unless the order still is all that `from` says: its state, its terms, and what is known of it. Its items MUST stay as they are stored,
   * whatever `from` and `to` say of them.
   */
  move(from: Order, to: Order, event: OutboxMessage): Promise<MoveResult>;
}
