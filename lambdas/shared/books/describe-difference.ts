import { createHash } from 'node:crypto';
import type { NewException } from '../exceptions/exceptions.ts';
import type { Difference, DifferenceKind, Term } from './difference.ts';

export const differenceSource = 'compare-books';

/** By which the differences of an order are found. */
export const orderKey = (out_trade_no: string): string => `order:${out_trade_no}`;

const words: Readonly<Record<DifferenceKind, { readonly name: string; readonly what: string; readonly todo: string }>> =
  {
    'order-missing': {
      name: 'OrderMissing',
      what: 'are of an order that is in no row of Orders',
      todo: 'Find out who took it away, and whether it was paid: put it back from a backup, or mend the other book.',
    },
    'ledger-missing': {
      name: 'LedgerEntryMissing',
      what: 'differ: the ledger lacks the order',
      todo: 'Look for an exception of the ledger with the same number and replay it; if there is none, nothing told of the order, so find out who wrote it.',
    },
    'ledger-behind': {
      name: 'LedgerBehind',
      what: 'differ: the ledger has an older version',
      todo: 'Look for an exception of the ledger with the same number, and replay it.',
    },
    'ledger-differs': {
      name: 'LedgerDiffers',
      what: 'differ',
      todo: 'Trust neither: look at the payment in the merchant portal, then mend the book that is wrong.',
    },
    'refund-sums-differ': {
      name: 'RefundSumsDiffer',
      what: 'differ',
      todo: 'Nothing is sent back by the sum alone, but it bounds what may be: mend it before another refund is asked for.',
    },
    'refunds-misfit': {
      name: 'RefundsMisfit',
      what: 'do not fit',
      todo: 'Look at the payment in the merchant portal, and stop its fulfilment if its money goes back; then mend the order, or send the rest.',
    },
    'reservation-misfit': {
      name: 'ReservationMisfit',
      what: 'do not fit',
      todo: 'Look for an exception of the stock with the same number and replay it; if there is none, mend the reservation and the counts of its goods together.',
    },
    'goods-differ': {
      name: 'GoodsDiffer',
      what: 'differ',
      todo: 'Count the goods, and mend the counts: too few available are not sold, too many are sold twice.',
    },
    unreadable: {
      name: 'RowUnreadable',
      what: 'cannot be compared: a row is not as it should be',
      todo: 'Find out who wrote it, and mend it: while a reservation cannot be read, no goods are counted.',
    },
  };

/**
 * As an exception tells it: numbers, amounts and pieces, nothing personal. Its event id is of what differs, to the last fen: found again it is the same
 * row, and another difference of the same order is another.
 */
export function exceptionOf(difference: Difference): NewException {
  const { kind, of = 'order', subject, books, terms } = difference;
  const { name, what, todo } = words[kind];
  const told = terms.map((term) => termText(term, books)).join('; ');
  const more = of === 'order' ? ` Its story: npx warren orders show ${subject}` : '';
  const message = `${of} ${subject}: ${books.join(' and ')} ${what}. ${told}. ${todo}${more}`;
  return {
    eventId: `books:${kind}:${subject}:${digestOf(difference)}`,
    source: differenceSource,
    reason: 'difference',
    error: { name, message },
    businessKey: of === 'order' ? orderKey(subject) : `${of}:${subject}`,
  };
}

function termText({ what, one, other }: Term, [first, second]: readonly [string, string]): string {
  return `${what} is ${one} in ${first} and ${other} in ${second}`;
}

function digestOf({ books, terms }: Difference): string {
  return createHash('sha256')
    .update(JSON.stringify([books, terms]))
    .digest('hex')
    .slice(0, 12);
}
