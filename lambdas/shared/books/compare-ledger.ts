import { orderVersions } from '../orders/order-event.ts';
import type { LedgerEntry, OrderBooks, StoredOrder } from './books.ts';
import { textOf } from './compare-stock.ts';
import type { Difference, Term } from './difference.ts';

/** The ledger has an entry for each order, which says what the order says, as it is now. */
export function compareLedger({ out_trade_no, order, entry }: OrderBooks): Difference[] {
  if (order && entry) return differing(order, entry);
  const end = { subject: out_trade_no, books: ['Orders', 'Ledger'] } as const;
  if (order) {
    return [
      {
        kind: 'ledger-missing',
        ...end,
        terms: [stateTerm(order.state, 'no entry'), amountTerm(order.amount_total, 0)],
      },
    ];
  }
  if (!entry) return [];
  return [
    { kind: 'order-missing', ...end, terms: [stateTerm('no order', entry.state), amountTerm(0, entry.amount.total)] },
  ];
}

function differing(order: StoredOrder, entry: LedgerEntry): Difference[] {
  const end = { subject: order.out_trade_no, books: ['Orders', 'Ledger'] } as const;
  const terms = [
    stateTerm(order.state, entry.state),
    { what: 'version', one: orderVersions[order.state], other: entry.version },
    amountTerm(order.amount_total, entry.amount.total),
    { what: 'currency', one: order.currency, other: entry.amount.currency },
    { what: 'pieces', one: piecesOf(order), other: piecesOf(entry) },
    // What is older knew of no payment yet.
    ...(entry.version < orderVersions[order.state] ? [] : [paymentTerm(order, entry)]),
  ].filter(({ one, other }) => one !== other);
  if (terms.length === 0) return [];
  const isOld = entry.version < orderVersions[order.state] && terms.every(({ what }) => /^(state|version)$/.test(what));
  return [{ kind: isOld ? 'ledger-behind' : 'ledger-differs', ...end, terms }];
}

const stateTerm = (one: string, other: string): Term => ({ what: 'state', one, other });
const amountTerm = (one: number, other: number): Term => ({ what: 'amount in fen', one, other });

function paymentTerm({ transaction_id: one = 'none' }: StoredOrder, { transaction_id: other = 'none' }: LedgerEntry) {
  return { what: 'payment', one, other };
}

function piecesOf({ items }: Pick<StoredOrder | LedgerEntry, 'items'>): string {
  return items ? textOf(items) : 'none';
}
