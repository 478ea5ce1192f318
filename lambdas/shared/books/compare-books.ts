import type { OrderBooks } from './books.ts';
import { compareLedger } from './compare-ledger.ts';
import { compareRefunds } from './compare-refunds.ts';
import { compareStock } from './compare-stock.ts';
import type { Difference } from './difference.ts';

/** All that does not agree in what the books say of one order, each once. What was due before `settledAt` has happened, or is a difference. */
export function differencesOf(books: OrderBooks, settledAt: Date): Difference[] {
  return [...compareLedger(books), ...compareRefunds(books), ...compareStock(books, settledAt)];
}
