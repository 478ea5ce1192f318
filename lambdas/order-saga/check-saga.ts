import { RetryableError } from '../shared/consumer/errors.ts';
import { eventMessage } from '../shared/orders/event-message.ts';
import type { Order } from '../shared/orders/order.ts';
import { type OutboxMessage, ownAggregate } from '../shared/outbox/outbox-message.ts';
import type { SagaStore } from '../shared/saga/saga-store.ts';
import { waitsFor } from '../shared/saga/waits-for.ts';
import { SagaStuckError } from './errors.ts';
import type { SagaCheck } from './saga-told.ts';

/** The queue of the function `order-saga`. */
export const orderSagaQueue = 'orders.saga';

export interface CheckDeps {
  readonly sagas: SagaStore;
  /** How long a paid order may take to its end, and a step after somebody was told of the one before. */
  readonly stuckAfterMs: number;
  readonly now: () => Date;
  readonly newEventId: () => string;
}

/** It comes to the order's own queue when it should have come to its end. */
export function checkMessage(
  { out_trade_no }: Pick<SagaCheck, 'out_trade_no'>,
  check: number,
  { stuckAfterMs, newEventId, now }: CheckDeps,
): OutboxMessage {
  const eventId = newEventId();
  const payload: SagaCheck = { event: 'saga.check', out_trade_no, check };
  const told = { exchange: '', routingKey: orderSagaQueue, type: payload.event, payload, delayMs: stuckAfterMs };
  return eventMessage({ aggregate: ownAggregate(eventId), ...told }, eventId, now());
}

/**
 * Throws a `SagaStuckError`, which becomes an exception, when the order has not come to its end: once for each step that it hangs at. What it noted before it was
 * killed, it tells when it comes back. Until the end the next check is sent with what was told.
 */
export async function checkSaga(
  { out_trade_no, check }: SagaCheck,
  order: Order,
  deps: CheckDeps,
): Promise<'ended' | 'told before'> {
  const row = await deps.sagas.find(out_trade_no);
  const mark = row && waitsFor(row, order);
  if (!row || mark === undefined) return 'ended';
  const { told } = row;
  const isToldOf = told?.waitsFor === mark;
  if (told === undefined || told.last < check) {
    const next = { waitsFor: mark, check: isToldOf ? told.check : check, last: check };
    const isTold = await deps.sagas.tell(row, next, checkMessage({ out_trade_no }, check + 1, deps));
    if (!isTold) throw new RetryableError(`the progress of order ${out_trade_no} changed while it was looked at`);
    if (isToldOf) return 'told before';
    // A later check is on its way: what this one told is over, or another has told it.
  } else if (!isToldOf || told.check !== check) return 'told before';
  throw new SagaStuckError(out_trade_no, mark);
}
