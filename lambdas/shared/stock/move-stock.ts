import { PermanentError, RetryableError } from '../consumer/errors.ts';
import { eventMessage } from '../orders/event-message.ts';
import type { Items } from '../orders/items.ts';
import type { OrderEvent } from '../orders/order-event.ts';
import { type OutboxMessage, ownAggregate } from '../outbox/outbox-message.ts';
import type { Reservation, ReservationState } from './reservation.ts';
import { type StockExpired, stockEvent } from './stock-event.ts';
import type { StockStore } from './stock-store.ts';
import { nextState, type StockTrigger, whenShort } from './transitions.ts';

export interface MoveStockDeps {
  readonly stock: StockStore;
  /** How long goods lie ready for an order that is not paid. */
  readonly holdMs: number;
  readonly now: () => Date;
  readonly newEventId: () => string;
}

/** Something that happened to an order that has goods. */
export interface StockChange extends Pick<OrderEvent, 'out_trade_no' | 'amount' | 'transaction_id'> {
  readonly trigger: StockTrigger;
  readonly items: Items;
}

/** Only a payment sells goods, or finds that there are too few for it. */
export class UnpaidGoodsError extends PermanentError {
  override readonly name = 'UnpaidGoodsError';

  constructor(out_trade_no: string, state: ReservationState) {
    super(`the goods of order ${out_trade_no} would be ${state}, and it was never paid`);
  }
}

/** `undefined`: nothing was changed, for it was a repeat, or came too late. */
export type MovedStock = ReservationState | undefined;

/** Whoever comes at the same moment: an order's few events, each once. */
const mostTries = 5;

/** The queue of the function `stock`. */
export const stockQueue = 'stock.reservations';

/**
 * Moves the goods of an order as the table says, once, and tells of it in the same transaction. Goods that are not there are no failure of this:
 * the order is LACKING, or, paid, UNAVAILABLE.
 */
export async function moveStock(change: StockChange, deps: MoveStockDeps, deadline?: AbortSignal): Promise<MovedStock> {
  const { out_trade_no, items, trigger } = change;
  for (let tries = 0; tries < mostTries; tries++) {
    const from = await deps.stock.find(out_trade_no);
    const wanted = nextState(from?.state, trigger);
    if (wanted === undefined) return undefined;
    const less = whenShort[wanted];
    for (const state of less === undefined ? [wanted] : [wanted, less]) {
      const now = deps.now();
      const to: Reservation = {
        out_trade_no,
        state,
        items,
        changed_at: now.toISOString(),
        ...expiry(state, now, deps),
      };
      const result = await deps.stock.move(from, to, messagesOf(to, change, deps), deadline);
      if (result === 'moved') return state;
      if (result === 'changed') break;
    }
  }
  throw new RetryableError(`the goods of order ${out_trade_no} kept changing while they were written`);
}

function expiry(state: ReservationState, now: Date, { holdMs }: MoveStockDeps): Pick<Reservation, 'expires_at'> {
  return state === 'RESERVED' ? { expires_at: new Date(now.getTime() + holdMs).toISOString() } : {};
}

/** A reservation tells itself when its time is over: no table is searched for those. */
function messagesOf(to: Reservation, change: StockChange, deps: MoveStockDeps): OutboxMessage[] {
  const { out_trade_no, state, expires_at } = to;
  const [eventId, now] = [deps.newEventId(), deps.now()];
  if (state === 'RESERVED' && expires_at !== undefined) {
    const payload: StockExpired = { event: 'stock.expired', out_trade_no, expires_at };
    const told = { exchange: '', routingKey: stockQueue, type: payload.event, payload, delayMs: deps.holdMs };
    return [eventMessage({ aggregate: ownAggregate(eventId), ...told }, eventId, now)];
  }
  if (state !== 'CONFIRMED' && state !== 'UNAVAILABLE') return [];
  const routingKey = state === 'CONFIRMED' ? 'stock.confirmed' : 'stock.unavailable';
  if (change.transaction_id === undefined) throw new UnpaidGoodsError(out_trade_no, state);
  const payload = stockEvent(routingKey, { ...change, transaction_id: change.transaction_id }, now);
  return [eventMessage({ aggregate: `stock#${out_trade_no}`, routingKey, payload }, eventId, now)];
}
