import { isDeepStrictEqual } from 'node:util';
import type { BatchConsumer, Delivery, Verdict } from '../shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../shared/consumer/errors.ts';
import { type OrderEvent, orderEventSchema, orderVersions } from '../shared/orders/order-event.ts';
import type { EntryResult, LedgerStore } from './ledger-store.ts';

/** Insert, or update when the key exists: one entry per order, and an older event never overwrites a newer one. */
export function createLedgerConsumer(store: LedgerStore): BatchConsumer<OrderEvent> {
  return {
    queue: 'ledger.entries',
    schema: orderEventSchema,
    async handleAll(deliveries) {
      const newest = newestByOrder(deliveries.filter(({ body }) => isOfItsState(body)));
      const results = await store.upsertAll([...newest.values()]);
      const resultByOrder = new Map([...newest.keys()].map((order, at) => [order, results[at]]));
      return deliveries.map(({ body }) => {
        if (!isOfItsState(body)) {
          return new PermanentError(
            `order ${body.out_trade_no}: no order that is ${body.state} has version ${body.version}`,
          );
        }
        const written = newest.get(body.out_trade_no);
        const result = resultByOrder.get(body.out_trade_no);
        if (!written || !result) return new RetryableError(`nothing is known of ${body.out_trade_no}`);
        return verdictOf(body, written, result);
      });
    },
  };
}

/** One of a version that its state never has would keep out all that is true and comes later. */
function isOfItsState({ state, version }: OrderEvent): boolean {
  return version === orderVersions[state];
}

/** A transaction takes one write for each entry. */
function newestByOrder(deliveries: readonly Delivery<OrderEvent>[]): Map<string, OrderEvent> {
  const newest = new Map<string, OrderEvent>();
  for (const { body } of deliveries) {
    const known = newest.get(body.out_trade_no);
    if (!known || known.version < body.version) newest.set(body.out_trade_no, body);
  }
  return newest;
}

function verdictOf(event: OrderEvent, written: OrderEvent, result: EntryResult): Verdict {
  const isWritten = isDeepStrictEqual(event, written);
  const isThere = result.outcome === 'written' || result.outcome === 'known';
  if (isThere && (isWritten || event.version < written.version)) return undefined;
  if (result.outcome === 'refused' && isWritten) {
    return new PermanentError(`order ${event.out_trade_no}: ${result.reason}`);
  }
  // By itself it is compared with the entry: what it was passed over for may have been refused, or says something else under the same version.
  const cause = result.outcome === 'unwritten' ? result.cause : undefined;
  return new RetryableError(`order ${event.out_trade_no} was not written in this batch`, { cause });
}
