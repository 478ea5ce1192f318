import type { BookPage } from '../shared/books/book-pages.ts';
import type { Difference, Term } from '../shared/books/difference.ts';
import { type Goods, placeOf } from '../shared/stock/reservation.ts';
import type { GoodsCount, Pieces, Round } from './round.ts';

type Counts = Round['counts'];

const none: GoodsCount = { sum: { reserved: 0, sold: 0 }, moves: false };

/** What a page of the stock adds to what was counted before. `since`: what has changed after that is moving. */
export function countPage(
  before: Counts,
  { reservations, goods }: Pick<BookPage, 'reservations' | 'goods'>,
  since: Date,
): Counts {
  const counts = new Map(Object.entries<GoodsCount>(before));
  const of = (sku: string) => counts.get(sku) ?? none;
  for (const { state, items, changed_at } of reservations) {
    const place = placeOf(state);
    const moves = Date.parse(changed_at) > since.getTime();
    for (const { sku, quantity } of items) {
      const count = of(sku);
      const sum = place === 'available' ? count.sum : { ...count.sum, [place]: count.sum[place] + quantity };
      counts.set(sku, { ...count, sum, moves: count.moves || moves });
    }
  }
  for (const { sku, reserved, sold } of goods) counts.set(sku, { ...of(sku), row: { reserved, sold } });
  return Object.fromEntries(counts);
}

/**
 * What the row of the goods has more than their reservations: of a row that is the same as when it was counted. `undefined`: it moves, so that the
 * count is of no moment.
 */
export function surplusOf({ sum, row = none.sum, moves }: GoodsCount, { reserved, sold }: Goods): Pieces | undefined {
  if (moves || row.reserved !== reserved || row.sold !== sold) return undefined;
  return { reserved: reserved - sum.reserved, sold: sold - sum.sold };
}

export function isNone({ reserved, sold }: Pieces): boolean {
  return reserved === 0 && sold === 0;
}

export function isSame(one: Pieces, other: Pieces): boolean {
  return one.reserved === other.reserved && one.sold === other.sold;
}

export function goodsDifference({ sku, reserved, sold }: Goods, { sum }: GoodsCount): Difference {
  const terms: Term[] = [
    { what: 'pieces reserved', one: reserved, other: sum.reserved },
    { what: 'pieces sold', one: sold, other: sum.sold },
  ];
  return {
    kind: 'goods-differ',
    of: 'goods',
    subject: sku,
    books: ['the goods’ counts', 'their reservations'],
    terms: terms.filter(({ one, other }) => one !== other),
  };
}
