import type { OrderBooks } from './books.ts';
import { compareLedger } from './compare-ledger.ts';
import { compareRefunds } from './compare-refunds.ts';
import { compareStock } from './compare-stock.ts';
import type { Difference } from './difference.ts';

/** All that does not agree in what the books say of one order, each once. */
export function differencesOf(books: OrderBooks): Difference[] {
  return [...compareLedger(books), ...compareRefunds(books), ...compareStock(books)];
}
