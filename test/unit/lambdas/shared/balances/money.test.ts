import fc from 'fast-check';
import { isNothing, minus, moneyOf, noMoney, plus } from '../../../../../lambdas/shared/balances/money.ts';
import { type OrderState, orderVersions } from '../../../../../lambdas/shared/orders/order-event.ts';

const of = (state: OrderState, total = 8800) => moneyOf({ state, amount: { total, currency: 'CNY' } });

describe('the money of an entry', () => {
  it.each([
    ['PAYING', 0, 0, 0],
    ['CLOSED', 0, 0, 0],
    ['PAID', 8800, 0, 0],
    ['REFUNDING', 8800, 8800, 0],
    ['REFUNDED', 8800, 0, 8800],
  ] as const)('is, when it is %s: received %d, on its way back %d, sent back %d', (state, received, back, sent) => {
    expect(of(state)).toEqual({ received, on_its_way_back: back, sent_back: sent });
  });

  it('is nothing before it is paid, and of what costs nothing', () => {
    expect([of('PAYING'), of('CLOSED'), of('PAID', 0)].every(isNothing)).toBe(true);
    expect(isNothing(of('REFUNDED', 1))).toBe(false);
  });

  it('adds up, change by change, to what the last entry says', () => {
    const states = fc.constantFrom(...(Object.keys(orderVersions) as OrderState[]));
    fc.assert(
      fc.property(fc.array(fc.tuple(states, fc.nat())), (versions) => {
        let [sum, before] = [noMoney, noMoney];
        for (const [state, total] of versions) {
          const after = of(state, total);
          sum = plus(sum, minus(after, before));
          before = after;
        }
        expect(sum).toEqual(before);
      }),
    );
  });
});
