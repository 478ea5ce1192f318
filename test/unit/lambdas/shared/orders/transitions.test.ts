import {
  checkTransitions,
  type Transitions,
  TransitionsRefusedError,
} from '../../../../../lambdas/shared/orders/check-transitions.ts';
import { type OrderState, orderVersions } from '../../../../../lambdas/shared/orders/order-event.ts';
import { type OrderTrigger, stepOf, transitions } from '../../../../../lambdas/shared/orders/transitions.ts';

/** What becomes of an order: the state it is moved to, or why it is not moved. */
type Becomes = OrderState | 'past' | 'early';

const expected: Readonly<Record<OrderTrigger, Readonly<Record<OrderState, Becomes>>>> = {
  'payment.success': { PAYING: 'PAID', PAID: 'past', CLOSED: 'REFUNDING', REFUNDING: 'past', REFUNDED: 'past' },
  'payment.overdue': { PAYING: 'CLOSED', PAID: 'past', CLOSED: 'past', REFUNDING: 'past', REFUNDED: 'past' },
  // Nobody has paid a closed order; when somebody does, it is REFUNDING without being asked.
  'refund.requested': { PAYING: 'early', PAID: 'REFUNDING', CLOSED: 'past', REFUNDING: 'past', REFUNDED: 'past' },
  'refund.success': { PAYING: 'early', PAID: 'early', CLOSED: 'early', REFUNDING: 'REFUNDED', REFUNDED: 'past' },
};

const cases = Object.entries(expected).flatMap(([trigger, row]) =>
  Object.entries(row).map(([state, becomes]) => [trigger, state, becomes] as const),
);

describe('the table of transitions', () => {
  it.each(cases)('%s finds %s: %s', (trigger, state, becomes) => {
    const step = stepOf(state as OrderState, trigger as OrderTrigger);

    expect(step.step === 'move' ? step.to : step.step).toBe(becomes);
  });

  it('has a rule here for each event in each state', () => {
    expect(Object.keys(expected).sort()).toEqual(Object.keys(transitions).sort());
    expect(cases).toHaveLength(Object.keys(transitions).length * Object.keys(orderVersions).length);
  });
});

const versions = { A: 1, B: 2, C: 2, D: 3 };
const sound: Transitions = { first: { A: 'B' }, other: { A: 'C' }, last: { B: 'D', C: 'D' } };
const check = (table: Transitions, changed: Readonly<Record<string, number>> = versions) => {
  return () => checkTransitions(table, changed, 'A');
};

describe('a table of transitions', () => {
  it('is taken when every state can be reached and every version is one more than the last', () => {
    expect(check(sound)).not.toThrow();
  });

  it.each<[string, Transitions, string]>([
    ['a state that nothing leads to', { first: { A: 'B' }, last: { B: 'D' } }, 'nothing leads to C'],
    [
      'states that only lead to each other',
      { first: { A: 'B' }, last: { C: 'D' }, back: { D: 'C' } },
      'nothing leads to C; nothing leads to D',
    ],
    ['a way back', { ...sound, back: { D: 'B' } }, 'back leads from D, version 3, to B, version 2'],
    ['a way to itself', { ...sound, again: { B: 'B' } }, 'again leads from B, version 2, to B, version 2'],
    ['a way to a sibling', { ...sound, across: { B: 'C' } }, 'across leads from B, version 2, to C, version 2'],
    ['a change that counts twice', { ...sound, jump: { A: 'D' } }, 'jump leads from A, version 1, to D, version 3'],
    ['a state nobody knows', { ...sound, out: { D: 'E' } }, 'out leads from D, version 3, to E, version undefined'],
    ['an event without a prior state', { ...sound, never: {} }, 'never names no prior state'],
  ])('is refused with %s', (_, table, problem) => {
    expect(check(table)).toThrow(TransitionsRefusedError);
    expect(check(table)).toThrow(problem);
  });

  it('is refused when its first state is not the first version', () => {
    expect(check(sound, { A: 2, B: 3, C: 3, D: 4 })).toThrow('A, where all begins, has no version 1');
  });
});
