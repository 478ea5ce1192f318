import { judgePayment, transitions } from '../../../../../lambdas/shared/orders/order.ts';
import { paidOrder, payingOrder, payment } from './orders.ts';

describe('a payment', () => {
  it('of an order that waits for it is applied', () => {
    expect(judgePayment(payingOrder, payment)).toEqual({ verdict: 'apply' });
  });

  it('that paid the order before is a duplicate', () => {
    expect(judgePayment(paidOrder, payment)).toEqual({ verdict: 'duplicate' });
  });

  it('of an order that another one paid is rejected', () => {
    expect(judgePayment(paidOrder, { ...payment, transaction_id: '43' })).toEqual({
      verdict: 'reject',
      reason: expect.stringContaining('PAID'),
    });
  });

  it.each([
    ['mchid', { mchid: '1900009999' }],
    ['appid', { appid: 'wx-another' }],
    ['amount_total', { amount: { total: 1, currency: 'CNY' } }],
    ['amount_total', { amount: { total: 8801, currency: 'CNY' } }],
    ['currency', { amount: { total: 8800, currency: 'USD' } }],
  ])('whose %s is not the order’s is rejected, paid or not, and the term is named', (term, changes) => {
    for (const order of [payingOrder, paidOrder]) {
      expect(judgePayment(order, { ...payment, ...changes })).toEqual({
        verdict: 'reject',
        reason: expect.stringContaining(term),
      });
    }
  });
});

describe('the transitions of an order', () => {
  it('never lead back to a state they start from', () => {
    for (const { from, to } of Object.values(transitions)) expect(from).not.toContain(to);
  });
});
