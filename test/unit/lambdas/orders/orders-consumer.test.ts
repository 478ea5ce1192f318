import { createOrdersConsumer } from '../../../../lambdas/orders/orders-consumer.ts';
import { PermanentError, RetryableError } from '../../../../lambdas/shared/consumer/errors.ts';
import type { MarkPaidResult } from '../../../../lambdas/shared/orders/orders-store.ts';
import type { OutboxMessage } from '../../../../lambdas/shared/outbox/outbox-message.ts';
import { message, now, rejectionOf, silentLog } from '../builders.ts';
import { paidOrder, payingOrder, payment } from '../shared/orders/orders.ts';

function consumerWhere(result: MarkPaidResult) {
  const events: OutboxMessage[] = [];
  const consumer = createOrdersConsumer({
    store: {
      async markPaid(_, event) {
        events.push(event);
        return result;
      },
    },
    now: () => now,
    newEventId: () => 'event-9',
  });
  const handle = (body = payment) => consumer.handle({ body, message: message(), log: silentLog, redelivered: false });
  return { consumer, handle, events };
}

describe('a payment result', () => {
  it('that was applied is done, and order.paid was stored with it', async () => {
    const { handle, events } = consumerWhere({ outcome: 'applied' });

    await handle();

    expect(events).toEqual([
      {
        aggregate: 'order#T-1',
        message: {
          vhost: '/',
          exchange: 'orders',
          routingKeys: ['order.paid'],
          properties: {
            message_id: 'event-9',
            content_type: 'application/json',
            type: 'order.paid',
            timestamp: now.getTime() / 1000,
          },
          headers: {},
          payload: expect.any(String),
          payloadEncoding: 'string',
        },
      },
    ]);
    expect(JSON.parse(events[0]?.message.payload ?? '')).toEqual({
      out_trade_no: 'T-1',
      state: 'PAID',
      version: 2,
      amount: payment.amount,
      transaction_id: '42',
      changed_at: payment.success_time,
    });
  });

  it('that paid the order before is done', async () => {
    await expect(consumerWhere({ outcome: 'not-applied', order: paidOrder }).handle()).resolves.toBeUndefined();
  });

  it.each([
    ['an order that does not exist yet', undefined, payment, RetryableError],
    ['an order that changed while it was written', payingOrder, payment, RetryableError],
    ['an order that another payment paid', paidOrder, { ...payment, transaction_id: '43' }, PermanentError],
    ['an order of another amount', payingOrder, { ...payment, amount: { total: 1, currency: 'CNY' } }, PermanentError],
  ])('for %s is retried or rejected', async (_, order, body, kind) => {
    const error = await rejectionOf(consumerWhere({ outcome: 'not-applied', order }).handle(body));

    expect(error).toBeInstanceOf(kind);
  });

  it('is one effect for each merchant and transaction, whatever delivered it', () => {
    const { consumer } = consumerWhere({ outcome: 'applied' });

    expect(consumer.businessKey(payment)).toBe('wechat:1900000001:42:TRANSACTION.SUCCESS');
    expect(consumer.comparable(payment)).toEqual(['T-1', payment.appid, 8800, 'CNY']);
  });
});
