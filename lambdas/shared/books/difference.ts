/** What differs, in both books' words: amounts in fen, counts in pieces. */
export interface Term {
  readonly what: string;
  /** In the first of the two books. */
  readonly one: string | number;
  readonly other: string | number;
}

/** A dimension of a metric. */
export const differenceKinds = [
  'order-missing',
  'ledger-missing',
  'ledger-behind',
  'ledger-differs',
  'refund-sums-differ',
  'refunds-misfit',
  'reservation-misfit',
  'goods-differ',
  'unreadable',
] as const;

export type DifferenceKind = (typeof differenceKinds)[number];

/** Two books that do not agree on one order, or one kind of goods; or a row that cannot be compared. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Default: an order. `row`: of the stock, and nobody knows of what. */
  readonly of?: 'goods' | 'row';
  /** The order's number, the sku, or the key of the row. */
  readonly subject: string;
  readonly books: readonly [string, string];
  readonly terms: readonly Term[];
}
