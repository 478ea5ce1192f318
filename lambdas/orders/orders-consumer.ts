import type { Consumer } from '../shared/consumer/consumer.ts';
import { PermanentError, RetryableError } from '../shared/consumer/errors.ts';
import { judgePayment } from '../shared/orders/order.ts';
import { type OrderEvent, orderVersions } from '../shared/orders/order-event.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import type { OutboxMessage } from '../shared/outbox/outbox-message.ts';
import { type PaymentSuccess, paymentBusinessKey, paymentSuccessSchema } from '../shared/wechat-pay/payment-success.ts';

export interface OrdersDeps {
  readonly store: OrdersStore;
  readonly now: () => Date;
  readonly newEventId: () => string;
}

/** 支付中 PAYING → 支付成功 PAID, once, and `order.paid` told to whoever is bound for it. */
export function createOrdersConsumer({ store, now, newEventId }: OrdersDeps): Consumer<PaymentSuccess> {
  return {
    queue: 'orders.payments',
    schema: paymentSuccessSchema,
    businessKey: paymentBusinessKey,
    comparable: ({ out_trade_no, appid, amount }) => [out_trade_no, appid, amount.total, amount.currency],
    async handle({ body: payment, log }) {
      const result = await store.markPaid(payment, orderPaid(payment, newEventId(), now()));
      if (result.outcome === 'applied') {
        log.info('order paid', { out_trade_no: payment.out_trade_no });
        return;
      }
      // An order that is written a moment later than its payment arrives is found by the next try.
      if (!result.order) throw new RetryableError(`there is no order ${payment.out_trade_no}`);
      const judgement = judgePayment(result.order, payment);
      switch (judgement.verdict) {
        case 'duplicate':
          log.info('order was paid before', { out_trade_no: payment.out_trade_no });
          return;
        case 'reject':
          throw new PermanentError(`order ${payment.out_trade_no}: ${judgement.reason}`);
        case 'apply':
          throw new RetryableError(`order ${payment.out_trade_no} changed while it was written`);
        default:
          throw new Error(`no rule for ${judgement satisfies never}`);
      }
    },
  };
}

function orderPaid(payment: PaymentSuccess, eventId: string, now: Date): OutboxMessage {
  const { out_trade_no, transaction_id, success_time, amount } = payment;
  const event: OrderEvent = {
    out_trade_no,
    state: 'PAID',
    version: orderVersions.PAID,
    amount: { total: amount.total, currency: amount.currency },
    transaction_id,
    changed_at: success_time,
  };
  return {
    aggregate: `order#${out_trade_no}`,
    message: {
      vhost: '/',
      exchange: 'orders',
      routingKeys: ['order.paid'],
      properties: {
        message_id: eventId,
        content_type: 'application/json',
        type: 'order.paid',
        timestamp: Math.floor(now.getTime() / 1000),
      },
      headers: {},
      payload: JSON.stringify(event),
      payloadEncoding: 'string',
    },
  };
}
