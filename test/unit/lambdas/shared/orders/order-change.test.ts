import type { Order } from '../../../../../lambdas/shared/orders/order.ts';
import { judge, type OrderChange } from '../../../../../lambdas/shared/orders/order-change.ts';
import { overdueChange } from '../../../../../lambdas/shared/orders/overdue-change.ts';
import { paymentChange } from '../../../../../lambdas/shared/orders/payment-change.ts';
import { refundChange } from '../../../../../lambdas/shared/orders/refund-change.ts';
import { now } from '../../builders.ts';
import { changes, created, orderIn, payment, refund } from './orders.ts';

const everyOrder = Object.values(orderIn);
const paidOrders = [orderIn.PAID, orderIn.REFUNDING, orderIn.REFUNDED];

function rejected(orders: readonly Order[], change: OrderChange, reason: string): void {
  for (const order of orders) {
    expect(judge(order, change)).toMatchObject({ verdict: 'reject', reason: expect.stringContaining(reason) });
  }
}

describe('a payment', () => {
  it('makes a waiting order PAID, with what must be known of it', () => {
    expect(judge(orderIn.PAYING, changes['payment.success'])).toEqual({ verdict: 'move', to: orderIn.PAID });
  });

  it('makes a closed order REFUNDING, which was paid and closed', () => {
    const to = { ...orderIn.REFUNDING, closed_at: now.toISOString() };

    expect(judge(orderIn.CLOSED, changes['payment.success'])).toEqual({ verdict: 'move', to });
  });

  it('that paid the order before changes nothing, whatever has become of the order', () => {
    for (const order of paidOrders) expect(judge(order, changes['payment.success'])).toEqual({ verdict: 'past' });
  });

  it('of an order that another one paid is rejected in every state, and told to be a second one', () => {
    for (const order of paidOrders) {
      rejected([order], paymentChange({ ...payment, transaction_id: '43' }), `${order.state} by another payment`);
      const second = paymentChange({ ...payment, transaction_id: '43' });
      expect(judge(order, second)).toMatchObject({ isSecondPayment: true });
    }
  });

  it.each([
    ['mchid', { mchid: '1900009999' }],
    ['appid', { appid: 'wx-another' }],
    ['amount_total', { amount: { total: 1, currency: 'CNY' } }],
    ['amount_total', { amount: { total: 8801, currency: 'CNY' } }],
    ['currency', { amount: { total: 8800, currency: 'USD' } }],
  ])('whose %s is not the order’s is rejected in every state, and the term is named', (term, differing) => {
    rejected(everyOrder, paymentChange({ ...payment, ...differing }), term);
  });
});

describe('a refund', () => {
  it('makes a REFUNDING order REFUNDED, with what must be known of it', () => {
    expect(judge(orderIn.REFUNDING, changes['refund.success'])).toEqual({ verdict: 'move', to: orderIn.REFUNDED });
  });

  it('that follows others of a part ends nothing twice', () => {
    expect(judge(orderIn.REFUNDED, refundChange({ ...refund, refund_id: '51' }))).toEqual({ verdict: 'past' });
  });

  it('of another payment than the order’s is rejected', () => {
    rejected(paidOrders, refundChange({ ...refund, transaction_id: '43' }), 'of another payment');
  });

  it.each([
    ['mchid', { mchid: '1900009999' }],
    ['amount_total', { amount: { total: 1, refund: 1 } }],
  ])('whose %s is not the order’s is rejected in every state, and the term is named', (term, differing) => {
    rejected(everyOrder, refundChange({ ...refund, ...differing }), term);
  });
});

describe('the end of the time to pay', () => {
  it('closes a waiting order, and says when', () => {
    expect(judge(orderIn.PAYING, changes['payment.overdue'])).toEqual({ verdict: 'move', to: orderIn.CLOSED });
  });

  it.each([
    ['amount_total', { total: 1, currency: 'CNY' }],
    ['currency', { total: 8800, currency: 'USD' }],
  ])('of an order that was made with another %s is rejected in every state', (term, amount) => {
    rejected(everyOrder, overdueChange({ ...created, amount }, now), term);
  });
});
