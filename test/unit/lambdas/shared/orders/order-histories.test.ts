import * as fc from 'fast-check';
import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { createOrder } from '../../../../../lambdas/shared/orders/create-order.ts';
import { moveOrder } from '../../../../../lambdas/shared/orders/move-order.ts';
import type { OrderChange } from '../../../../../lambdas/shared/orders/order-change.ts';
import { paymentChange } from '../../../../../lambdas/shared/orders/payment-change.ts';
import type { OrderTrigger } from '../../../../../lambdas/shared/orders/transitions.ts';
import { now } from '../../builders.ts';
import { MemoryOrdersStore } from './memory-orders-store.ts';
import { changes, payingOrder, payment } from './orders.ts';

type Arrival = 'created' | 'wrong-amount' | OrderTrigger;

/** What must be in a dead-letter queue in the end, in whatever order it came. */
const wrong = {
  'wrong-amount': paymentChange({ ...payment, transaction_id: '44', amount: { total: 1, currency: 'CNY' } }),
};
const deliverable: Readonly<Record<string, OrderChange>> = { ...changes, ...wrong };

/** What can happen to an order, in the order in which it happens. */
const histories: readonly (readonly OrderTrigger[])[] = [
  [],
  ['payment.success'],
  ['payment.success', 'payment.overdue'],
  ['payment.success', 'refund.requested'],
  ['payment.success', 'payment.overdue', 'refund.requested'],
  ['payment.success', 'refund.requested', 'refund.success'],
  ['payment.success', 'payment.overdue', 'refund.requested', 'refund.success'],
  ['payment.success', 'refund.requested', 'refund.success', 'payment.overdue'],
  ['payment.overdue'],
  ['payment.overdue', 'payment.success'],
  ['payment.overdue', 'payment.success', 'refund.success'],
];

interface End {
  readonly state: string | undefined;
  readonly versions: readonly number[];
  readonly rejected: readonly string[];
  /** What would still be retried, and die of its delivery limit. */
  readonly undone: readonly Arrival[];
}

/** Delivers one message after another; those that are retried come again behind the others, for as long as that helps. */
async function deliver(arrivals: readonly Arrival[]): Promise<End> {
  const store = new MemoryOrdersStore();
  const deps = { store, now: () => now, newEventId: () => 'event' };
  const rejected: string[] = [];
  const isDone = async (arrival: Arrival): Promise<boolean> => {
    const change = deliverable[arrival];
    try {
      await (change ? moveOrder(change, deps) : createOrder(payingOrder, deps));
      return true;
    } catch (error) {
      if (error instanceof RetryableError) return false;
      if (!(error instanceof PermanentError)) throw error;
      rejected.push(arrival);
      return true;
    }
  };
  let waiting = arrivals;
  for (;;) {
    const undone: Arrival[] = [];
    for (const arrival of waiting) if (!(await isDone(arrival))) undone.push(arrival);
    if (undone.length === 0 || undone.length === waiting.length) {
      const order = await store.find(payingOrder.out_trade_no);
      return { state: order?.state, versions: store.events.map(({ version }) => version), rejected, undone };
    }
    waiting = undone;
  }
}

/** The right order, and the same shuffled, with repeats and a payment that is rejected. The order itself is made once. */
const shuffled = fc.constantFrom(...histories).chain((history) => {
  const all: readonly Arrival[] = ['created', ...history];
  const repeats = history.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...history), { maxLength: 6 });
  const others = fc.array(fc.constant<Arrival>('wrong-amount'), { maxLength: 2 });
  return fc.tuple(repeats, others).chain(([again, more]) => {
    const together = [...all, ...again, ...more];
    const arrivals = fc.shuffledSubarray(together, { minLength: together.length });
    return fc.record({ right: fc.constant(all), arrivals, wrong: fc.constant(more.length) });
  });
});

/** A payment and the end of its time race: the first to find the order decides, and that is for both a right order. Before it is made, nobody does. */
function winnerOf(arrivals: readonly Arrival[]): Arrival | undefined {
  const made = arrivals.indexOf('created');
  const finding = [...arrivals.slice(made), ...arrivals.slice(0, made)];
  return finding.find((one) => one === 'payment.success' || one === 'payment.overdue');
}

/** The same arrivals with the two racers in each other's place, if the wrong one would win. */
function withWinner(arrivals: readonly Arrival[], winner: Arrival | undefined): readonly Arrival[] {
  if (winner === undefined || winnerOf(arrivals) === winner) return arrivals;
  const swapped: Partial<Record<Arrival, Arrival>> = {
    'payment.success': 'payment.overdue',
    'payment.overdue': 'payment.success',
  };
  return arrivals.map((one) => swapped[one] ?? one);
}

describe('an order', () => {
  it('ends as its history has it, however that is shuffled and repeated, with each change told once and in its order', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ right, arrivals, wrong }) => {
        const inOrder = await deliver(right);
        const end = await deliver(withWinner(arrivals, winnerOf(right)));

        expect(end).toEqual({ ...inOrder, rejected: Array(wrong).fill('wrong-amount') });
        expect(end.undone).toEqual([]);
        expect(end.versions).toEqual(end.versions.map((_, at) => at + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('that is asked to be refunded ends REFUNDED whoever wins the race of its payment and its time', async () => {
    const history: readonly Arrival[] = [
      'created',
      'payment.success',
      'payment.overdue',
      'refund.requested',
      'refund.success',
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...history, ...history.slice(1)], { minLength: 9 }), async (arrivals) => {
        expect(await deliver(arrivals)).toMatchObject({ state: 'REFUNDED', versions: [1, 2, 3, 4], undone: [] });
      }),
    );
  });

  it('whose refund comes without what it is of keeps it waiting', async () => {
    expect(await deliver(['created', 'refund.success', 'payment.success'])).toMatchObject({
      state: 'PAID',
      undone: ['refund.success'],
    });
  });
});
