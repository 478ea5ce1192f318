import { createHandler, type HandlerDeps } from '../../../../lambdas/compare-books/handler.ts';
import type { Round } from '../../../../lambdas/compare-books/round.ts';
import type { BookPages } from '../../../../lambdas/shared/books/book-pages.ts';
import { type OrderBooks, UnreadableRowError } from '../../../../lambdas/shared/books/books.ts';
import type { Difference } from '../../../../lambdas/shared/books/difference.ts';
import type { Goods } from '../../../../lambdas/shared/stock/reservation.ts';
import { CountingMeter, now, silentLog } from '../builders.ts';

export const later = new Date(now.getTime() + 24 * 3_600_000);

/** Tables in memory: what is in them may be changed while they are gone through. */
export class Tables {
  readonly orders = new Map<string, OrderBooks>();
  readonly goods = new Map<string, Goods>();
  /** Numbers, and `sku#` with a sku, whose row in the stock is none as we know them. */
  readonly unreadable = new Set<string>();
  /** Numbers whose books were read, in their order. */
  readonly read: string[] = [];
  /** Called with each page that is read. */
  onPage: (book: string) => void = () => {};

  put(books: OrderBooks): void {
    this.orders.set(books.out_trade_no, books);
  }

  readonly pages: BookPages = {
    page: async (book, after, limit) => {
      const rows =
        book === 'orders'
          ? this.keys(({ order }) => order !== undefined)
          : book === 'ledger'
            ? this.keys(({ entry }) => entry !== undefined)
            : [
                ...this.keys(({ reservation }) => reservation !== undefined),
                ...[...this.goods.keys()].map((sku) => `sku#${sku}`),
              ];
      const left = rows.sort().filter((key) => after === undefined || key > after);
      const page = left.slice(0, limit);
      const numbers = page.filter((key) => !key.startsWith('sku#'));
      const read = book === 'stock' ? page.filter((key) => !this.unreadable.has(key)) : [];
      const unread = book === 'stock' ? page.filter((key) => this.unreadable.has(key)) : [];
      const answer = {
        numbers,
        reservations: read.flatMap((key) => this.orders.get(key)?.reservation ?? []),
        goods: read.flatMap((key) => this.goods.get(key.replace('sku#', '')) ?? []),
        unreadable: unread.filter((key) => !numbers.includes(key)),
        lacksReservations: unread.some((key) => numbers.includes(key)),
        next: left.length > limit ? page.at(-1) : undefined,
      };
      this.onPage(book);
      return answer;
    },
    known: async (numbers) => new Set(numbers.filter((one) => this.orders.get(one)?.order !== undefined)),
    goods: async (sku) =>
      this.unreadable.has(`sku#${sku}`)
        ? undefined
        : (this.goods.get(sku) ?? { sku, available: 0, reserved: 0, sold: 0 }),
  };

  readonly books: HandlerDeps['books'] = {
    of: async (out_trade_no) => {
      this.read.push(out_trade_no);
      if (this.unreadable.has(out_trade_no)) throw new UnreadableRowError('Stock', out_trade_no, 'state');
      const none = { order: undefined, entry: undefined, refunds: [], sums: undefined, reservation: undefined };
      return this.orders.get(out_trade_no) ?? { out_trade_no, ...none };
    },
    toldOf: async () => [],
  };

  private keys(isIn: (books: OrderBooks) => boolean): string[] {
    return [...this.orders.values()].filter(isIn).map(({ out_trade_no }) => out_trade_no);
  }
}

/** The function over those tables; each run ends after so many pages. */
export function compareOn(tables: Tables, changes: Partial<HandlerDeps> = {}) {
  const reported: Difference[] = [];
  const meter = new CountingMeter();
  let round: Round | undefined;
  const handler = createHandler({
    books: tables.books,
    pages: tables.pages,
    round: {
      load: async () => round,
      save: async (saved) => {
        round = structuredClone(saved);
      },
    },
    report: async (difference) => {
      reported.push(difference);
      return true;
    },
    comesAgain: async () => false,
    pageSize: 3,
    settleMs: 3_600_000,
    roundEveryMs: 20 * 3_600_000,
    mostDifferences: 100,
    now: () => later,
    log: silentLog,
    meter,
    ...changes,
  });
  const run = (pages = 1_000, event: unknown = {}) => {
    let left = pages;
    return handler(event, { getRemainingTimeInMillis: () => (left-- > 0 ? 600_000 : 1_000) });
  };
  return { run, reported, meter, round: () => round };
}
