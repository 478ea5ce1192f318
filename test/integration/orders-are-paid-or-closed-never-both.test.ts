import { randomUUID } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { judge } from '../../lambdas/shared/orders/order-change.ts';
import type { OrderCreated } from '../../lambdas/shared/orders/order-event.ts';
import { asChanged, orderMessage } from '../../lambdas/shared/orders/order-message.ts';
import { overdueChange } from '../../lambdas/shared/orders/overdue-change.ts';
import { paymentChange } from '../../lambdas/shared/orders/payment-change.ts';
import type { PaymentSuccess } from '../../lambdas/shared/wechat-pay/payment-success.ts';
import type { RefundSuccess } from '../../lambdas/shared/wechat-pay/refund-result.ts';
import { eventsOf, type OrderSeen, observeOrder } from '../../local/demo/observe-order.ts';
import { ordersOf } from '../../local/demo/place-order.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import { drained } from '../support/queue-contents.ts';
import { sqsEvent } from '../support/sqs-event.ts';
import { givenOrder, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs } = deployment;

const byPayment = (payment: PaymentSuccess) => messageTo('payments', 'payment.success', payment);
/** As the payment window hands it over after half an hour. */
const byTimeout = (payment: PaymentSuccess) => messageTo('', 'orders.timeouts', createdOf(payment));

function messageTo(exchange: string, routing_key: string, body: object) {
  return { exchange, routing_key, payload: JSON.stringify(body), mandatory: true };
}

/** Publishes as a client of the broker does; every queue has it. */
async function publish(...messages: ReturnType<typeof messageTo>[]): Promise<void> {
  const { answer } = await invoke(lambda, outputs.PublishFunction, { messages });
  expect(answer).toMatchObject({ ok: true, messages: messages.map(() => ({ confirm: 'ack' })) });
}

function createdOf({ out_trade_no, amount }: PaymentSuccess): OrderCreated {
  return { out_trade_no, state: 'PAYING', version: 1, amount, changed_at: new Date().toISOString() };
}

function refundOf({ mchid, out_trade_no, transaction_id, amount }: PaymentSuccess): RefundSuccess {
  return {
    mchid,
    out_trade_no,
    transaction_id,
    refund_id: `50${randomUUID().slice(0, 18)}`,
    out_refund_no: `R-${randomUUID()}`,
    refund_status: 'SUCCESS',
    success_time: '2026-11-23T12:00:00+08:00',
    amount: { total: amount.total, refund: amount.total },
  };
}

const paidInTime = { state: 'PAID', events: ['order.created', 'order.paid'] };
const paidTooLate = { state: 'REFUNDING', events: ['order.created', 'order.closed', 'order.refunding'] };

/** The order once it is in that state, or as it is after a while. */
function inState({ out_trade_no }: PaymentSuccess, state: string): Promise<OrderSeen> {
  return eventually(
    () => observeOrder(deployment, out_trade_no),
    (seen) => seen.state === state,
    20_000,
  );
}

/** Hands a function a batch, as the event source mapping does, and expects it to ack all of it. */
async function acks(functionName: string, event: SQSEvent): Promise<void> {
  expect(await invoke(lambda, functionName, event)).toEqual({ answer: { batchItemFailures: [] }, failed: false });
}

describe('an order that is paid after it was closed', () => {
  it('has its money sent back: REFUNDING, told once, and REFUNDED when the money is there', async () => {
    const payment = await givenOrder(deployment);

    await publish(byTimeout(payment));
    expect(eventsOf(await inState(payment, 'CLOSED'))).toEqual(['order.created', 'order.closed']);
    await publish(byPayment(payment));
    const refunding = await inState(payment, 'REFUNDING');
    expect(refunding.transaction_id).toBe(payment.transaction_id);
    expect(eventsOf(refunding)).toEqual(['order.created', 'order.closed', 'order.refunding']);
    await publish(messageTo('payments', 'refund.success', refundOf(payment)));

    expect(eventsOf(await inState(payment, 'REFUNDED'))).toEqual([
      'order.created',
      'order.closed',
      'order.refunding',
      'order.refunded',
    ]);
  });

  it('changes no more by what comes again', async () => {
    const payment = await givenOrder(deployment);
    await acks(outputs.OrderTimeoutsFunction, sqsEvent(JSON.stringify(createdOf(payment))));
    const paid = JSON.stringify(payment);

    await acks(outputs.OrdersFunction, sqsEvent(paid, paid));
    await acks(outputs.OrderTimeoutsFunction, sqsEvent(JSON.stringify(createdOf(payment))));
    await acks(outputs.OrdersFunction, sqsEvent(paid));

    const seen = await observeOrder(deployment, payment.out_trade_no);
    expect(seen.state).toBe('REFUNDING');
    expect(eventsOf(seen)).toEqual(['order.created', 'order.closed', 'order.refunding']);
  });
});

describe('an order that was paid in time', () => {
  it('is not closed', async () => {
    const payment = await givenOrder(deployment);
    await publish(byPayment(payment));
    await inState(payment, 'PAID');

    await acks(outputs.OrderTimeoutsFunction, sqsEvent(JSON.stringify(createdOf(payment))));

    const seen = await observeOrder(deployment, payment.out_trade_no);
    expect(seen.state).toBe('PAID');
    expect(eventsOf(seen)).toEqual(['order.created', 'order.paid']);
  });

  it('is REFUNDED by a refund that was made in the merchant portal, once', async () => {
    const payment = await givenOrder(deployment);
    await publish(byPayment(payment));
    await inState(payment, 'PAID');
    const refund = refundOf(payment);

    await publish(messageTo('payments', 'refund.success', refund), messageTo('payments', 'refund.success', refund));

    const seen = await inState(payment, 'REFUNDED');
    expect(eventsOf(seen)).toEqual(['order.created', 'order.paid', 'order.refunding', 'order.refunded']);
  });
});

describe('an order whose payment and timeout come at the same moment', () => {
  it('goes one of the two ways, whichever is told first, forty times', async () => {
    const payments = await Promise.all(Array.from({ length: 40 }, () => givenOrder(deployment)));
    const isPaymentFirst = (at: number): boolean => at % 2 === 0;

    await publish(
      ...payments.flatMap((payment, at) => {
        const both = [byPayment(payment), byTimeout(payment)];
        return isPaymentFirst(at) ? both : both.toReversed();
      }),
    );
    for (const queue of ['orders.payments', 'orders.timeouts']) {
      expect(await drained(deployment, deployment.queueUrl(queue), 120_000)).toBe(0);
    }

    for (const { out_trade_no } of payments) {
      const seen = await observeOrder(deployment, out_trade_no);
      expect([paidInTime, paidTooLate]).toContainEqual({ state: seen.state, events: eventsOf(seen) });
    }
  }, 300_000);

  it('goes one of the two ways when both have read it before either writes, a hundred times', async () => {
    const orders = ordersOf(deployment);
    const payments = await Promise.all(Array.from({ length: 100 }, () => givenOrder(deployment)));

    const races = payments.map(async (payment, at) => {
      const order = await orders.store.find(payment.out_trade_no);
      if (!order) throw new Error(`${payment.out_trade_no} is not there`);
      const [one, other] = [paymentChange(payment), overdueChange(createdOf(payment), new Date())];
      const moves = (at % 2 === 0 ? [one, other] : [other, one]).map((change) => {
        const verdict = judge(order, change);
        if (verdict.verdict !== 'move') throw new Error(`${change.trigger} is ${verdict.verdict}`);
        return orders.store.move(
          order,
          verdict.to,
          orderMessage(asChanged(verdict.to, orders.now()), orders.newEventId(), orders.now()),
        );
      });
      const outcomes = (await Promise.all(moves)).map(({ outcome }) => outcome);
      const seen = await observeOrder(deployment, payment.out_trade_no);
      return { outcomes: outcomes.sort(), events: eventsOf(seen), state: seen.state };
    });

    for (const { outcomes, events, state } of await Promise.all(races)) {
      expect(outcomes).toEqual(['moved', 'not-moved']);
      expect(events).toEqual(state === 'PAID' ? ['order.created', 'order.paid'] : ['order.created', 'order.closed']);
    }
  });
});
