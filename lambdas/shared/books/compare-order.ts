import { type Books, type OrderBooks, UnreadableRowError } from './books.ts';
import { differencesOf } from './compare-books.ts';
import { exceptionOf } from './describe-difference.ts';
import type { Difference } from './difference.ts';
import { hasSettled } from './has-settled.ts';

export interface CompareOrderDeps {
  readonly books: Books;
  /** What has moved less than that ago is on its way, and no difference. */
  readonly settleMs: number;
  readonly now: () => Date;
  /** Whether a message of that event is in no queue, and will be sent to one again: an operator has parked it, or is replaying it. */
  readonly comesAgain: (event_id: string) => Promise<boolean>;
}

/** Perhaps with no difference. */
interface Compared {
  readonly outcome: 'compared';
  readonly differences: readonly Difference[];
}

export type ComparedOrder =
  | Compared
  /** It differs, and has moved a moment ago: the next round compares it again. */
  | { readonly outcome: 'moving' }
  /** No book knows the number. */
  | { readonly outcome: 'unknown' };

/**
 * Compares what all books say of one order. They are not read at one moment: what differs is read once more, and is a difference only if it is the
 * same one again, and nothing has moved since long before.
 */
export async function compareOrder(out_trade_no: string, deps: CompareOrderDeps): Promise<ComparedOrder> {
  const settledAt = new Date(deps.now().getTime() - deps.settleMs);
  const first = await look(out_trade_no, settledAt, deps);
  if (first.outcome === 'unknown' || first.differences.length === 0) return first;
  const again = await look(out_trade_no, settledAt, deps);
  if (again.outcome === 'unknown') return { outcome: 'moving' };
  return unlessUnreadable<ComparedOrder>(out_trade_no, async () => {
    if (again.books && (await isMoving(again.books, settledAt, deps))) return { outcome: 'moving' };
    const seen = new Set(first.differences.map(idOf));
    return { outcome: 'compared', differences: again.differences.filter((one) => seen.has(idOf(one))) };
  });
}

async function isMoving(found: OrderBooks, settledAt: Date, { books, comesAgain }: CompareOrderDeps): Promise<boolean> {
  const told = await books.toldOf(found.out_trade_no, found.refunds);
  if (!hasSettled(found, told, settledAt)) return true;
  const again = await Promise.all(told.map(({ event_id }) => comesAgain(event_id)));
  return again.includes(true);
}

type Look = { readonly outcome: 'unknown' } | (Compared & { readonly books?: OrderBooks });

async function look(out_trade_no: string, settledAt: Date, { books }: CompareOrderDeps): Promise<Look> {
  return unlessUnreadable<Look>(out_trade_no, async () => {
    const found = await books.of(out_trade_no);
    if (isEmpty(found)) return { outcome: 'unknown' };
    return { outcome: 'compared', differences: differencesOf(found, settledAt), books: found };
  });
}

/** One row that nobody can read must not keep all others from being compared. */
async function unlessUnreadable<T>(out_trade_no: string, compare: () => Promise<T>): Promise<T | Compared> {
  try {
    return await compare();
  } catch (error) {
    if (error instanceof UnreadableRowError)
      return { outcome: 'compared', differences: [unreadable(out_trade_no, error)] };
    throw error;
  }
}

function isEmpty({ order, entry, reservation }: OrderBooks): boolean {
  return order === undefined && entry === undefined && reservation === undefined;
}

function unreadable(subject: string, { book, key, problem }: UnreadableRowError): Difference {
  return {
    kind: 'unreadable',
    subject,
    books: [book, 'the others'],
    terms: [{ what: key, one: problem, other: 'not compared' }],
  };
}

const idOf = (difference: Difference): string => exceptionOf(difference).eventId;
