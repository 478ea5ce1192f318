import type { OrderBooks } from '../../../../../lambdas/shared/books/books.ts';
import { differencesOf as differencesAt } from '../../../../../lambdas/shared/books/compare-books.ts';
import { exceptionOf } from '../../../../../lambdas/shared/books/describe-difference.ts';
import type { OrderState } from '../../../../../lambdas/shared/orders/order-event.ts';
import { now } from '../../builders.ts';
import { booksOf, entryOf, items, orderIn, refund, reservationIn, sumsOf } from './some-books.ts';

const states: readonly OrderState[] = ['PAYING', 'PAID', 'CLOSED', 'REFUNDING', 'REFUNDED'];
const differencesOf = (books: OrderBooks) => differencesAt(books, now);
const kindsOf = (...args: Parameters<typeof booksOf>) => differencesOf(booksOf(...args)).map(({ kind }) => kind);

describe('books that agree', () => {
  it.each(states)('have no difference: %s', (state) => {
    expect(differencesOf(booksOf(orderIn(state)))).toEqual([]);
  });
});

describe('an order and its entry in the ledger', () => {
  const paid = orderIn('PAID');

  it('differ when there is none', () => {
    expect(differencesOf(booksOf(paid, { entry: undefined }))).toMatchObject([
      { kind: 'ledger-missing', terms: [{ one: 'PAID' }, { what: 'amount in fen', one: 8800, other: 0 }] },
    ]);
  });

  it('differ when there is no order', () => {
    expect(differencesOf({ ...booksOf(paid), order: undefined })).toMatchObject([
      { kind: 'order-missing', terms: [{ other: 'PAID' }, { other: 8800 }] },
    ]);
  });

  it('differ when it is older', () => {
    expect(differencesOf(booksOf(paid, { entry: entryOf(orderIn('PAYING')) }))).toMatchObject([
      {
        kind: 'ledger-behind',
        terms: [
          { one: 'PAID', other: 'PAYING' },
          { one: 2, other: 1 },
        ],
      },
    ]);
  });

  it('differ when it is newer', () => {
    expect(kindsOf(paid, { entry: entryOf(orderIn('REFUNDING')) })).toEqual(['ledger-differs']);
  });

  it('differ in the amount, the currency, the payment, and what was ordered', () => {
    const terms = (changes: object) => differencesOf(booksOf(paid, { entry: entryOf(paid, changes) }))[0]?.terms;

    expect(terms({ amount: { total: 8801, currency: 'CNY' } })).toEqual([
      { what: 'amount in fen', one: 8800, other: 8801 },
    ]);
    expect(terms({ amount: { total: 8800, currency: 'USD' } })).toEqual([
      { what: 'currency', one: 'CNY', other: 'USD' },
    ]);
    expect(terms({ transaction_id: 'T2' })).toEqual([{ what: 'payment', one: 'T1', other: 'T2' }]);
    expect(terms({ items })).toEqual([{ what: 'pieces', one: 'none', other: '1 of cup, 2 of tea' }]);
  });

  it('differ, and are not only behind, when what is older says another amount', () => {
    const entry = entryOf(orderIn('PAYING'), { amount: { total: 1, currency: 'CNY' } });

    expect(kindsOf(paid, { entry })).toEqual(['ledger-differs']);
  });
});

describe('an order and its refunds', () => {
  const withRefunds = (...refunds: readonly ReturnType<typeof refund>[]) => ({ refunds, sums: sumsOf(...refunds) });

  it.each<[string, OrderState, Partial<ReturnType<typeof booksOf>>]>([
    ['a part is back', 'PAID', withRefunds(refund('SUCCESS', 800))],
    ['all was refused', 'REFUNDING', withRefunds(refund('CLOSED'))],
    ['it was withdrawn', 'REFUNDING', withRefunds(refund('WITHDRAWN'))],
    ['two parts are back', 'REFUNDED', withRefunds(refund('SUCCESS', 800), refund('SUCCESS', 8000))],
    [
      'the portal could not send it back, and nobody has asked here',
      'PAID',
      withRefunds(refund('ABNORMAL', 8800, { requested_by: undefined })),
    ],
  ])('agree when %s', (_, state, changes) => {
    expect(differencesOf(booksOf(orderIn(state), changes))).toEqual([]);
  });

  it('differ when the sum is not that of the rows, or there is none', () => {
    const refunds = [refund('SUCCESS', 800), refund('PROCESSING', 100)];
    const differing = (sums: object | undefined) =>
      differencesOf(booksOf(orderIn('PAID'), { refunds, sums: sums && { ...sumsOf(...refunds), ...sums } }));

    expect(differing({ reserved: 800 })).toMatchObject([
      { kind: 'refund-sums-differ', terms: [{ what: 'reserved in fen', one: 800, other: 900 }] },
    ]);
    expect(differing({ refunded: 0 })).toMatchObject([
      { kind: 'refund-sums-differ', terms: [{ what: 'back in fen', one: 0, other: 800 }] },
    ]);
    expect(differing(undefined)[0]?.kind).toBe('refund-sums-differ');
  });

  it.each<[string, OrderState, Partial<ReturnType<typeof booksOf>>, string | number]>([
    ['it is REFUNDED, and not all is back', 'REFUNDED', withRefunds(refund('SUCCESS', 8799)), '8799 of 8800 fen back'],
    ['it is not REFUNDED, and all is back', 'REFUNDING', withRefunds(refund('SUCCESS')), '8800 of 8800 fen back'],
    ['it is PAID, and all is back', 'PAID', withRefunds(refund('SUCCESS')), '8800 of 8800 fen back'],
    ['it is REFUNDING, and nobody has asked', 'REFUNDING', { refunds: [], sums: undefined }, 'no refund'],
    ['it is PAID, and all was asked for', 'PAID', withRefunds(refund('REQUESTED')), 'all of it on its way back'],
    [
      'it is PAID, and all was asked for by itself',
      'PAID',
      withRefunds(refund('REQUESTED', 8800, { requested_by: undefined, out_refund_no: 'WRT1' })),
      'all of it on its way back',
    ],
    [
      'they are of another amount',
      'PAID',
      { ...withRefunds(refund('SUCCESS', 800)), sums: { ...sumsOf(refund('SUCCESS', 800)), total: 8801 } },
      8801,
    ],
    ['more is back than was paid', 'REFUNDED', withRefunds(refund('SUCCESS', 8800), refund('SUCCESS', 1)), 8801],
  ])('differ when %s', (_, state, changes, other) => {
    expect(differencesOf(booksOf(orderIn(state), changes))).toMatchObject([
      { kind: 'refunds-misfit', terms: [{ other }] },
    ]);
  });
});

describe('an order and its goods', () => {
  it.each<[OrderState, readonly (Parameters<typeof reservationIn>[0] | 'none')[]]>([
    ['PAYING', ['RESERVED', 'LACKING', 'CANCELLED']],
    ['PAID', ['CONFIRMED']],
    ['CLOSED', ['CANCELLED', 'none']],
    ['REFUNDING', ['CANCELLED', 'UNAVAILABLE', 'RETURNED']],
    ['REFUNDED', ['CANCELLED', 'UNAVAILABLE', 'RETURNED']],
  ])('of an order that is %s fit as %j, and in no other way', (state, fitting) => {
    const order = orderIn(state, { items });
    const all = ['RESERVED', 'LACKING', 'CANCELLED', 'CONFIRMED', 'UNAVAILABLE', 'RETURNED', 'none'] as const;

    const fit = all.filter((one) => {
      const reservation = one === 'none' ? undefined : reservationIn(one);
      const found = differencesOf(booksOf(order, { reservation }));
      expect(found.every(({ kind }) => kind === 'reservation-misfit')).toBe(true);
      return found.length === 0;
    });

    expect([...fit].sort()).toEqual([...fitting].sort());
  });

  it('differ in their pieces', () => {
    const reservation = reservationIn('CONFIRMED', [{ sku: 'tea', quantity: 3 }]);

    expect(differencesOf(booksOf(orderIn('PAID', { items }), { reservation }))).toMatchObject([
      { kind: 'reservation-misfit', terms: [{ what: 'pieces', one: '1 of cup, 2 of tea', other: '3 of tea' }] },
    ]);
  });

  it('differ when they lie ready for longer than they may', () => {
    const reservation = { ...reservationIn('RESERVED'), expires_at: now.toISOString() };
    const books = booksOf(orderIn('PAYING', { items }), { reservation });

    expect(differencesAt(books, now)).toEqual([]);
    expect(differencesAt(books, new Date(now.getTime() + 1))).toMatchObject([
      {
        kind: 'reservation-misfit',
        terms: [{ what: 'state', one: 'PAYING', other: `RESERVED until ${reservation.expires_at}` }],
      },
    ]);
  });

  it('are reserved for no order without goods, and for none that is not there', () => {
    const reservation = reservationIn('RESERVED');

    expect(kindsOf(orderIn('PAYING'), { reservation })).toEqual(['reservation-misfit']);
    expect(
      differencesOf({ ...booksOf(orderIn('PAYING')), order: undefined, entry: undefined, reservation }),
    ).toMatchObject([{ kind: 'order-missing', books: ['Orders', 'Stock'] }]);
  });
});

describe('the exception of a difference', () => {
  const [difference] = differencesOf(
    booksOf(orderIn('PAID'), { entry: entryOf(orderIn('PAID'), { amount: { total: 8801, currency: 'CNY' } }) }),
  );
  const [other] = differencesOf(
    booksOf(orderIn('PAID'), { entry: entryOf(orderIn('PAID'), { amount: { total: 8802, currency: 'CNY' } }) }),
  );

  it('says what is in both books, and what to do', () => {
    const { error, ...rest } = difference ? exceptionOf(difference) : { error: undefined };

    expect(error?.message).toContain('amount in fen is 8800 in Orders and 8801 in Ledger');
    expect(error?.message).toContain('npx warren orders show N1');
    expect(rest).toMatchObject({ reason: 'difference', source: 'compare-books', businessKey: 'order:N1' });
  });

  it.each(['goods', 'row'] as const)('names no order when it is of %s', (of) => {
    const { error, businessKey } = exceptionOf({
      kind: 'unreadable',
      of,
      subject: 'X',
      books: ['Stock', 'it'],
      terms: [],
    });

    expect(error.message).toMatch(new RegExp(`^${of} X: `));
    expect(error.message).not.toContain('orders show');
    expect(businessKey).toBe(`${of}:X`);
  });

  it('is the same for the same difference, and another to the last fen', () => {
    const id = (one: typeof difference) => one && exceptionOf({ ...one }).eventId;

    expect(id(difference)).toBe(id(structuredClone(difference)));
    expect(id(difference)).not.toBe(id(other));
  });
});
