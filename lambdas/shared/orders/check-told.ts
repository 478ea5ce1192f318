import { isDeepStrictEqual } from 'node:util';
import { PermanentError } from '../consumer/errors.ts';
import type { Order } from './order.ts';
import { type OrderEvent, orderVersions } from './order-event.ts';

/**
 * An event is stored with its order: what the order does not know is none of it. An older one may be late. Throws a `PermanentError`: an ack would take
 * the key from what is true and may still come.
 */
export function checkTold(told: OrderEvent, order: Order): void {
  const { state, transaction_id } = told;
  const isAhead = orderVersions[state] > orderVersions[order.state];
  const isOther = orderVersions[state] === orderVersions[order.state] && state !== order.state;
  const isOfOtherPayment = transaction_id !== undefined && transaction_id !== order.transaction_id;
  const isOfNone = (state === 'PAID' || state === 'REFUNDING') && transaction_id === undefined;
  if (isAhead || isOther) throw refusal(told, `it is ${order.state}, and told to be ${state}`);
  if (isOfOtherPayment || isOfNone) throw refusal(told, 'its transaction_id is not the one that it was paid by');
  checkTerms(told, order);
}

/** For what money, and for which goods. Throws a `PermanentError`. */
export function checkTerms(told: Pick<OrderEvent, 'out_trade_no' | 'amount' | 'items'>, order: Order): void {
  const { amount, items } = told;
  const isSameAmount = amount.total === order.amount_total && amount.currency === order.currency;
  if (!isSameAmount) throw refusal(told, "the amount that is told differs from the order's");
  if (!isDeepStrictEqual(items, order.items)) throw refusal(told, "the items that are told differ from the order's");
}

function refusal({ out_trade_no }: Pick<OrderEvent, 'out_trade_no'>, problem: string): PermanentError {
  return new PermanentError(`order ${out_trade_no}: ${problem}`);
}
