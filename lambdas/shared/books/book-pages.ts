import type { Goods, Reservation } from '../stock/reservation.ts';

/** In the order in which a round goes through them. */
export const pagedBooks = ['orders', 'ledger', 'stock'] as const;
export type PagedBook = (typeof pagedBooks)[number];

export interface BookPage {
  /** Of orders that have a row in it. */
  readonly numbers: readonly string[];
  /** Of the stock alone. */
  readonly reservations: readonly Reservation[];
  readonly goods: readonly Goods[];
  /** Keys of rows that are none as we know them, but for those of orders: whoever compares the order says so. */
  readonly unreadable: readonly string[];
  /** A reservation cannot be read: no sum of pieces is whole without it. */
  readonly lacksReservations: boolean;
  /** What to ask for the next page with; undefined when there is none. */
  readonly next: string | undefined;
}

/** A book, page by page, in an order of its own that stays the same while rows come and go. Each row MUST be as it is now. */
export interface BookPages {
  page(book: PagedBook, after: string | undefined, limit: number): Promise<BookPage>;
  /** Those that are in the table of orders. MUST be as it is now. */
  known(numbers: readonly string[]): Promise<ReadonlySet<string>>;
  /** `undefined`: its row is none as we know them, and its page says so. */
  goods(sku: string): Promise<Goods | undefined>;
}
