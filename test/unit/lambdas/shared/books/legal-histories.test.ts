import fc from 'fast-check';
import type { OrderBooks } from '../../../../../lambdas/shared/books/books.ts';
import { differencesOf as differencesAt } from '../../../../../lambdas/shared/books/compare-books.ts';
import type { Order } from '../../../../../lambdas/shared/orders/order.ts';
import type { OrderState } from '../../../../../lambdas/shared/orders/order-event.ts';
import { type OrderTrigger, stepOf } from '../../../../../lambdas/shared/orders/transitions.ts';
import { isAllBack, isAllReserved, isPast, type RefundRow } from '../../../../../lambdas/shared/refunds/refund-row.ts';
import type { ReservationState } from '../../../../../lambdas/shared/stock/reservation.ts';
import { nextState, whenShort } from '../../../../../lambdas/shared/stock/transitions.ts';
import { booksOf, items, orderIn, refund, reservationIn, sumsOf } from './some-books.ts';

/** What can happen to an order from outside. */
type Act =
  | { readonly act: 'pay' | 'overdue' | 'expire' }
  /** So many fen at most, by the desk or in the merchant portal. */
  | { readonly act: 'refund'; readonly fen: number; readonly byDesk: boolean }
  /** What became of one of its refunds. */
  | { readonly act: 'settle'; readonly at: number; readonly state: RefundRow['state'] };

const acts = fc.oneof<fc.Arbitrary<Act>[]>(
  fc.constantFrom<Act>({ act: 'pay' }, { act: 'overdue' }, { act: 'expire' }),
  fc.record({ act: fc.constant('refund'), fen: fc.integer({ min: 1, max: 8800 }), byDesk: fc.boolean() }),
  fc.record({
    act: fc.constant('settle'),
    at: fc.nat(3),
    state: fc.constantFrom<RefundRow['state'][]>('PROCESSING', 'ABNORMAL', 'SUCCESS', 'CLOSED', 'WITHDRAWN'),
  }),
);

/** An order by the real tables of transitions; every event reaches everybody before the next thing happens. */
class World {
  state: OrderState = 'PAYING';
  goods: ReservationState | undefined;
  refunds: RefundRow[] = [];
  private closed = false;
  private readonly hasGoods: boolean;
  private readonly isShort: () => boolean;

  constructor(hasGoods: boolean, isShort: () => boolean) {
    this.hasGoods = hasGoods;
    this.isShort = isShort;
    this.moveGoods('order.created');
  }

  happen(act: Act): void {
    switch (act.act) {
      case 'pay':
        this.move('payment.success');
        // Paid after it was closed.
        if (this.state === 'REFUNDING' && this.refunds.length === 0) this.ask(8800, undefined);
        return;
      case 'overdue':
        this.move('payment.overdue');
        return;
      case 'expire':
        this.moveGoods('stock.expired');
        return;
      case 'refund':
        if (this.isPaid()) this.ask(Math.min(act.fen, this.left()), act.byDesk ? 'lin' : undefined);
        return;
      case 'settle':
        this.settle(act.at, act.state);
        return;
      default:
        throw new Error(`no rule for ${act satisfies never}`);
    }
  }

  books(): OrderBooks {
    const changes = {
      ...(this.hasGoods && { items }),
      ...(this.closed && this.state !== 'PAID' && { closed_at: time }),
    };
    const order: Order = orderIn(this.state, changes);
    const reservation = this.goods && reservationIn(this.goods);
    const refunds = this.refunds;
    return booksOf(order, { reservation, refunds, sums: refunds.length > 0 ? sumsOf(...refunds) : undefined });
  }

  private isPaid(): boolean {
    return this.state === 'PAID' || this.state === 'REFUNDING';
  }

  private left(): number {
    return 8800 - sumsOf(...this.refunds).reserved;
  }

  /** Made in the portal, it is heard of when it could not be, or is back. */
  private ask(fen: number, requested_by: string | undefined): void {
    if (fen === 0) return;
    const out_refund_no = `R${this.refunds.length}`;
    const state = requested_by === undefined && this.state === 'PAID' ? 'ABNORMAL' : 'REQUESTED';
    this.refunds.push(refund(state, fen, { out_refund_no, requested_by }));
    if (requested_by !== undefined && isAllReserved(sumsOf(...this.refunds))) this.move('refund.requested');
  }

  private settle(at: number, state: RefundRow['state']): void {
    const row = this.refunds[at];
    if (!row || (state === 'WITHDRAWN' ? row.state !== 'REQUESTED' : isPast(row.state, state))) return;
    // WeChat Pay lets no more go back than was paid.
    const others = sumsOf(...this.refunds.filter((one) => one !== row));
    if (state !== 'CLOSED' && state !== 'WITHDRAWN' && others.reserved + row.refund > 8800) return;
    this.refunds[at] = { ...row, state };
    if (state !== 'SUCCESS' || !isAllBack(sumsOf(...this.refunds))) return;
    this.move('refund.requested');
    this.move('refund.success');
  }

  private move(trigger: OrderTrigger): void {
    const step = stepOf(this.state, trigger);
    if (step.step !== 'move') return;
    this.state = step.to;
    this.closed ||= step.to === 'CLOSED';
    const told = { PAID: 'order.paid', CLOSED: 'order.closed', REFUNDING: 'order.refunding' } as const;
    if (step.to === 'PAID' || step.to === 'CLOSED' || step.to === 'REFUNDING') this.moveGoods(told[step.to]);
  }

  private moveGoods(trigger: Parameters<typeof nextState>[1]): void {
    const wanted = this.hasGoods ? nextState(this.goods, trigger) : undefined;
    if (wanted === undefined) return;
    const less = whenShort[wanted];
    this.goods = less !== undefined && this.isShort() ? less : wanted;
    if (this.goods !== 'UNAVAILABLE') return;
    // Nobody can send it: the saga sends its money back.
    this.ask(this.left(), 'the saga');
    this.move('refund.requested');
  }
}

const time = '2026-11-23T02:00:00.000Z';
const differencesOf = (books: OrderBooks) => differencesAt(books, new Date(time));

describe('the books of an order that lives by the tables of transitions', () => {
  const histories = fc.record({
    hasGoods: fc.boolean(),
    short: fc.infiniteStream(fc.boolean()),
    happened: fc.array(acts, { maxLength: 12 }),
  });

  it('agree after whatever happens to it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(histories, ({ hasGoods, short, happened }) => {
        const world = new World(hasGoods, () => short.next().value === true);
        for (const act of [undefined, ...happened]) {
          if (act) world.happen(act);
          seen.add(`${world.state} ${world.goods}`);
          expect(differencesOf(world.books())).toEqual([]);
        }
      }),
      // One in eight runs of 500 does not reach the last of those below.
      { numRuns: 3_000 },
    );
    // What is not reached proves nothing.
    for (const one of [
      'PAYING LACKING',
      'PAID CONFIRMED',
      'CLOSED CANCELLED',
      'REFUNDING RETURNED',
      'REFUNDED RETURNED',
    ]) {
      expect(seen).toContain(one);
    }
  });

  it('do not agree when one of them says anything else', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(histories, fc.nat(4), ({ hasGoods, short, happened }, at) => {
        const world = new World(hasGoods, () => short.next().value === true);
        for (const act of happened) world.happen(act);
        const books = world.books();
        const broken = breakOne(books, at);
        if (!broken) return;
        const found = differencesOf(broken);
        for (const { kind } of found) kinds.add(kind);
        expect(found).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(kinds.size).toBeGreaterThanOrEqual(5);
  });
});

function breakOne(books: OrderBooks, at: number): OrderBooks | undefined {
  const { entry, sums, reservation } = books;
  switch (at) {
    case 0:
      return { ...books, entry: undefined };
    case 1:
      return entry && { ...books, entry: { ...entry, amount: { ...entry.amount, total: entry.amount.total - 1 } } };
    case 2:
      return sums && { ...books, sums: { ...sums, reserved: sums.reserved - 1 } };
    case 3:
      return reservation && { ...books, reservation: { ...reservation, items: [{ sku: 'tea', quantity: 1 }] } };
    default:
      return { ...books, order: undefined };
  }
}
