import { z } from 'zod';
import type { Consumer } from '../shared/consumer/consumer.ts';
import { PermanentError } from '../shared/consumer/errors.ts';
import type { FulfilmentEvent } from '../shared/fulfilment/fulfilment-event.ts';
import type { HttpAnswer, HttpPost } from '../shared/http/http-post.ts';
import { judgeAnswer } from '../shared/http/judge-answer.ts';
import { checkTerms } from '../shared/orders/check-told.ts';
import { eventMessage } from '../shared/orders/event-message.ts';
import type { Order } from '../shared/orders/order.ts';
import { orderEventSchema } from '../shared/orders/order-event.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import type { Outbox } from '../shared/outbox/outbox.ts';
import { stockEventSchema } from '../shared/stock/stock-event.ts';
import { refusalCode } from './refusal.ts';

export interface FulfilmentDeps {
  /** To the merchant's fulfilment endpoint. */
  readonly post: HttpPost;
  readonly outbox: Outbox;
  readonly orders: Pick<OrdersStore, 'find'>;
  readonly mostRetryAfterSeconds: number;
  readonly now: () => Date;
  readonly newEventId: () => string;
}

// It goes into a header, which takes printable ASCII; WeChat Pay allows letters, digits and _-|* in it.
const out_trade_no = z.string().regex(/^[!-~]{1,32}$/);

const paidOrderSchema = orderEventSchema.extend({ out_trade_no, state: z.literal('PAID') });
const confirmedGoodsSchema = stockEventSchema.extend({ out_trade_no, event: z.literal('stock.confirmed') });

export type PaidOrder = z.infer<typeof paidOrderSchema>;

/** A paid order, or one whose goods are its own now. */
export type ToFulfil = PaidOrder | z.infer<typeof confirmedGoodsSchema>;

/** What the merchant keys its work by. */
export const idempotencyKeyHeader = 'idempotency-key';

/** One effect per order. It is the merchant's key too, so it MUST NOT change: the same order under another key is done again. */
export function fulfilmentBusinessKey({ out_trade_no }: Pick<ToFulfil, 'out_trade_no'>): string {
  return `fulfilment:${out_trade_no}`;
}

/**
 * Asks the merchant to fulfil a paid order: by one request, and by the same one again for as long as nobody said what becomes of it; that is told. An order
 * with items is not asked for before they are its own.
 */
export function createFulfilmentConsumer(deps: FulfilmentDeps): Consumer<ToFulfil> {
  return {
    queue: 'fulfilment.requests',
    schema: z.union([confirmedGoodsSchema, paidOrderSchema]),
    // What waits MUST NOT take the key of what it waits for.
    businessKey: (order) => `${fulfilmentBusinessKey(order)}${isWaiting(order) ? ':waits-for-goods' : ''}`,
    comparable: ({ amount, transaction_id = '', items }) => [
      amount.total,
      amount.currency,
      transaction_id,
      ...(items ? [JSON.stringify(items)] : []),
    ],
    async handle({ body: order, redelivered, log, deadline }) {
      const { out_trade_no } = order;
      if (isWaiting(order)) {
        log.info('fulfilment waits for the goods', { out_trade_no });
        return;
      }
      // Between this and the merchant's work its money may still begin to go back: that is for whoever refunds.
      const known = await deps.orders.find(out_trade_no);
      if (known && isGoingBack(order, known)) {
        // An answer may have been lost: goods on their way would count as never sent.
        if (redelivered) throw new PermanentError(`order ${out_trade_no} is ${known.state}, ${mayHaveBeenAsked}`);
        log.warn('not fulfilled: its money goes back', { out_trade_no, state: known.state });
        return;
      }
      // The merchant sends out what it is asked for: no other goods, and for no other money, than the order is stored with.
      if (known) checkTerms(order, known);
      const answer = await deps.post({
        headers: { [idempotencyKeyHeader]: fulfilmentBusinessKey(order) },
        body: requestOf(order),
        deadline,
      });
      const event = answered(order, answer, deps);
      const payload = { aggregate: fulfilmentBusinessKey(order), routingKey: event.event, payload: event };
      await deps.outbox.write([eventMessage(payload, deps.newEventId(), deps.now())], [], deadline);
      log.info('fulfilment asked for', { out_trade_no, status: answer.status, outcome: event.event });
    },
  };
}

const mayHaveBeenAsked = 'and the merchant may have been asked for it before: ask whether it was fulfilled';

/** `stock.confirmed` follows, or its money goes back. */
function isWaiting(order: ToFulfil): boolean {
  return 'state' in order && order.items !== undefined;
}

/**
 * An order that is not kept here is the publisher's own, and not looked at. Throws a `PermanentError` for one that was not paid, or not by this payment: an ack
 * would take the key from what is true and may still come.
 */
function isGoingBack({ out_trade_no, transaction_id }: ToFulfil, order: Order): boolean {
  if (order.transaction_id === undefined || order.transaction_id !== transaction_id) {
    throw new PermanentError(`order ${out_trade_no} is ${order.state}: it was not paid by the payment that is told`);
  }
  return order.state !== 'PAID';
}

/** Throws what `judgeAnswer` throws for an answer that is neither. */
function answered(
  { out_trade_no, transaction_id }: ToFulfil,
  answer: HttpAnswer,
  { now, mostRetryAfterSeconds }: FulfilmentDeps,
): FulfilmentEvent {
  const known = { out_trade_no, ...(transaction_id !== undefined && { transaction_id }) };
  const code = refusalCode(answer);
  if (code !== undefined) return { event: 'fulfilment.refused', ...known, code };
  judgeAnswer(answer, { now: now(), mostRetryAfterSeconds });
  return { event: 'fulfilment.accepted', ...known };
}

/** Only what `comparable` holds the same: a merchant refuses its key with other content, and two events of one order may tell other times. */
function requestOf({ out_trade_no, transaction_id, amount, items }: ToFulfil) {
  return {
    out_trade_no,
    transaction_id,
    amount: { total: amount.total, currency: amount.currency },
    ...(items && { items: items.map(({ sku, quantity }) => ({ sku, quantity })) }),
  };
}
