import { createTell, NotToldError } from '../../../../../lambdas/shared/wechat-pay/told-message.ts';
import { now, rejectionOf } from '../../builders.ts';
import { FakeBroker, refusedBy, stored, unroutable } from '../../fake-broker.ts';
import { payment, refund } from '../orders/orders.ts';

const tellBy = (broker: FakeBroker) => createTell({ broker, appId: 'reconcile', now: () => now });

describe('what was asked of WeChat Pay', () => {
  it('is told as its notification would have been, each time as the same event', async () => {
    const broker = new FakeBroker(stored('orders.payments'));

    for (let times = 0; times < 2; times++) await tellBy(broker).payment(payment);
    await tellBy(broker).refund(refund);

    const told = broker.published.map(({ exchange, routingKeys, properties, payload }) => ({
      exchange,
      routingKeys,
      id: properties.message_id,
      body: JSON.parse(payload),
    }));
    const paid = { exchange: 'payments', routingKeys: ['payment.success'], body: payment };
    expect(told).toEqual([
      { ...paid, id: 'reconcile:wechat:1900000001:42:TRANSACTION.SUCCESS' },
      { ...paid, id: 'reconcile:wechat:1900000001:42:TRANSACTION.SUCCESS' },
      {
        exchange: 'payments',
        routingKeys: ['refund.success'],
        id: 'reconcile:wechat:1900000001:R-1:REFUND.SUCCESS',
        body: refund,
      },
    ]);
  });

  it('is an error when no queue has stored it: it will be found again', async () => {
    for (const outcome of [refusedBy('orders.payments'), unroutable]) {
      expect(await rejectionOf(tellBy(new FakeBroker(outcome)).payment(payment))).toBeInstanceOf(NotToldError);
    }
  });
});
