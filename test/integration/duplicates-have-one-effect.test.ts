import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { paymentBusinessKey } from '../../lambdas/shared/wechat-pay/payment-success.ts';
import { eventsOf, isRelayed, observeOrder, paymentsOf } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import type { WechatPaySimulator } from '../../local/wechat-pay-simulator/simulator.ts';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { givenOrder, startSimulator, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const ordersQueue = deployment.queueUrl('orders.payments');
let simulator: WechatPaySimulator;

beforeAll(async () => {
  simulator = await startSimulator(deployment);
});

describe('a payment that is notified more than once', () => {
  it('moves its order to PAID once when the notifications come one after another', async () => {
    const { out_trade_no, transaction_id } = await givenOrder(deployment);

    for (let time = 0; time < 4; time++) {
      const answers = await simulator.notify({ out_trade_no, transaction_id, total: 8800 });
      expect(answers.map(({ status }) => status)).toEqual([204]);
      expect(await drained(deployment, ordersQueue)).toBe(0);
    }

    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen).toMatchObject({ state: 'PAID', transaction_id });
    expect(eventsOf(seen)).toEqual(['order.created', 'order.paid']);
  });

  it('moves its order to PAID once when ten notifications come at the same moment', async () => {
    const { out_trade_no, transaction_id } = await givenOrder(deployment);

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => simulator.notify({ out_trade_no, transaction_id, total: 8800 })),
    );
    expect(await drained(deployment, ordersQueue)).toBe(0);

    expect(answers.flat().map(({ status }) => status)).toEqual(Array(10).fill(204));
    const seen = await observeOrder(deployment, out_trade_no);
    expect(seen).toMatchObject({ state: 'PAID', transaction_id });
    expect(eventsOf(seen)).toEqual(['order.created', 'order.paid']);
    expect(await messagesWith(deployment, deployment.deadLetterQueueUrl('orders.payments'), out_trade_no)).toEqual([]);
    expect(await messagesWith(deployment, deployment.queueUrl('dead-letters'), out_trade_no)).toEqual([]);
  });

  it('tells the queues bound to order.paid once, with the event id of the order', async () => {
    const { out_trade_no, transaction_id } = await givenOrder(deployment);

    await simulator.notify({ out_trade_no, transaction_id, total: 8800 });

    const { outbox } = await eventually(
      () => observeOrder(deployment, out_trade_no),
      (seen) => paymentsOf(seen) > 0 && isRelayed(seen),
      20_000,
    );
    expect(outbox).toEqual(
      ['order.created', 'order.paid'].map((event) => ({
        event,
        event_id: expect.any(String),
        relayed_at: expect.any(String),
      })),
    );
  });

  it('is remembered as done for longer than a message can live in the queue and its dead-letter queue', async () => {
    const payment = await givenOrder(deployment);
    const { out_trade_no, transaction_id } = payment;

    await simulator.notify({ out_trade_no, transaction_id, total: 8800 });
    expect(await drained(deployment, ordersQueue)).toBe(0);

    const key = createHash('sha256')
      .update(JSON.stringify(paymentBusinessKey(payment)))
      .digest('base64');
    const { Item } = await deployment.documents.send(
      new GetCommand({ TableName: deployment.outputs.IdempotencyTable, Key: { id: `orders.payments#${key}` } }),
    );
    expect(Item).toMatchObject({ status: 'COMPLETED' });
    const fourPlusFourteenDays = 18 * 86_400;
    expect(Item?.['expiration']).toBeGreaterThan(Date.now() / 1000 + fourPlusFourteenDays);
  });
});
