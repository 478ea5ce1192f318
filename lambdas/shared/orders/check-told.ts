import { isDeepStrictEqual } from 'node:util';
import { PermanentError } from '../consumer/errors.ts';
import type { Order } from './order.ts';
import { type OrderEvent, orderVersions } from './order-event.ts';

/**
 * An event is stored with its order: what the order does not know is none of it. An older one may be late. Throws a `PermanentError`: an ack would take
 * the key from what is true and may still come.
 */
export function checkTold({ state, items, amount, transaction_id, out_trade_no }: OrderEvent, order: Order): void {
  const refuse = (problem: string): never => {
    throw new PermanentError(`order ${out_trade_no}: ${problem}`);
  };
  const isAhead = orderVersions[state] > orderVersions[order.state];
  const isOther = orderVersions[state] === orderVersions[order.state] && state !== order.state;
  const isOfOtherPayment = transaction_id !== undefined && transaction_id !== order.transaction_id;
  const isOfNone = (state === 'PAID' || state === 'REFUNDING') && transaction_id === undefined;
  if (isAhead || isOther) refuse(`it is ${order.state}, and told to be ${state}`);
  if (isOfOtherPayment || isOfNone) refuse('its transaction_id is not the one that it was paid by');
  if (amount.total !== order.amount_total || amount.currency !== order.currency)
    refuse("the amount that is told differs from the order's");
  if (!isDeepStrictEqual(items, order.items)) refuse("the items that are told differ from the order's");
}
