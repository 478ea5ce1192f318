import type { CompareOrderDeps } from '../shared/books/compare-order.ts';
import type { ExceptionStore } from '../shared/exceptions/exception-store.ts';

/** By the rows of the event, one for each queue it was taken out of. */
export function createComesAgain(rows: Pick<ExceptionStore, 'find'>): CompareOrderDeps['comesAgain'] {
  return async (eventId) => {
    for await (const { state } of rows.find({ eventId })) {
      if (state === 'parked' || state === 'replaying') return true;
    }
    return false;
  };
}
