import { randomUUID } from 'node:crypto';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Items } from '../../lambdas/shared/orders/items.ts';
import { orderSchema } from '../../lambdas/shared/orders/order.ts';
import { sagaRowSchema } from '../../lambdas/shared/saga/saga-row.ts';
import { waitsFor } from '../../lambdas/shared/saga/waits-for.ts';
import { goodsId, reservationId } from '../../lambdas/shared/stock/dynamodb-stock-store.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import { merchantClient } from '../../local/merchant/merchant-client.ts';
import { merchantUrl } from '../../local/merchant/merchant-process.ts';
import { invoke } from '../support/invoke.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { type TestWechatPay, testWechatPay } from '../support/wechat-pay.ts';

const deployment = testDeployment();
const { lambda, outputs, documents } = deployment;
const merchant = merchantClient(merchantUrl());
let wechatPay: TestWechatPay;

beforeAll(async () => {
  wechatPay = await testWechatPay(deployment);
});

const item = async (TableName: string, Key: Record<string, string>) =>
  (await documents.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;

/** As whoever keeps the goods does it when some come in. */
async function given(pieces: number): Promise<string> {
  const sku = `TEA-${randomUUID()}`;
  await documents.send(
    new UpdateCommand({
      TableName: outputs.StockTable,
      Key: { id: goodsId(sku) },
      UpdateExpression:
        'ADD available :pieces SET sku = :sku, reserved = if_not_exists(reserved, :none), sold = if_not_exists(sold, :none)',
      ExpressionAttributeValues: { ':pieces': pieces, ':sku': sku, ':none': 0 },
    }),
  );
  return sku;
}

const countsOf = async (sku: string) => {
  const { available, reserved, sold } = (await item(outputs.StockTable, { id: goodsId(sku) })) ?? {};
  return { available, reserved, sold };
};

/** Where an order and its goods are. */
async function seen(out_trade_no: string): Promise<string> {
  const goods = await item(outputs.StockTable, { id: reservationId(out_trade_no) });
  return `${(await observeOrder(deployment, out_trade_no)).state} ${goods?.['state']}`;
}

const until = (out_trade_no: string, wanted: string) =>
  eventually(
    () => seen(out_trade_no),
    (found) => found === wanted,
    40_000,
  );

async function publish(...messages: readonly [exchange: string, routing_key: string, body: object][]): Promise<void> {
  const all = messages.map(([exchange, routing_key, body]) => ({
    exchange,
    routing_key,
    payload: JSON.stringify(body),
    mandatory: true,
  }));
  const { answer } = await invoke(lambda, outputs.PublishFunction, { messages: all });
  expect(answer).toMatchObject({ ok: true });
}

const eventOf = (out_trade_no: string, state: string, version: number, items: Items, transaction_id?: string) => ({
  out_trade_no,
  state,
  version,
  amount: { total: 8800, currency: 'CNY' },
  items,
  transaction_id,
  changed_at: '2026-11-23T10:00:00+08:00',
});

/** WeChat Pay is asked for one refund; it makes it. */
async function refundedOnce(out_trade_no: string): Promise<void> {
  const { refunds } = await eventually(
    () => wechatPay.booksOf(out_trade_no),
    (books) => books.refunds.length > 0,
    40_000,
  );
  expect(refunds).toMatchObject([{ amount: { refund: 8800 } }]);
  await wechatPay.settle(refunds[0]?.out_refund_no ?? '', 'SUCCESS');
}

describe('orders with goods', () => {
  it('end with goods, money and progress in agreement: sent out, none left, refused, never paid', async () => {
    const [tea, cup] = [await given(20), await given(1)];
    const orderOf = (...items: Items) => wechatPay.checkout(8800, items).then((no) => ({ no, items }));
    const good = await orderOf({ sku: tea, quantity: 2 });
    const short = await orderOf({ sku: tea, quantity: 1 }, { sku: cup, quantity: 5 });
    const refused = await orderOf({ sku: tea, quantity: 3 });
    const unpaid = await orderOf({ sku: tea, quantity: 4 });
    await merchant.plan(refused.no, 'refuse-order');

    await until(unpaid.no, 'PAYING RESERVED');
    for (const { no } of [good, short, refused]) await wechatPay.pay(no);
    await publish(['', 'orders.timeouts', eventOf(unpaid.no, 'PAYING', 1, unpaid.items)]);

    expect(await merchant.untilFulfilled(good.no, 40_000)).toMatchObject([{ body: { items: good.items } }]);
    await Promise.all([refundedOnce(short.no), refundedOnce(refused.no)]);
    const ends = [
      [good, 'PAID CONFIRMED'],
      [short, 'REFUNDED RETURNED'],
      [refused, 'REFUNDED RETURNED'],
      [unpaid, 'CLOSED CANCELLED'],
    ] as const;
    const check = async () => {
      for (const [{ no }, end] of ends) expect(await until(no, end)).toBe(end);
      expect(await countsOf(tea)).toEqual({ available: 18, reserved: 0, sold: 2 });
      expect(await countsOf(cup)).toEqual({ available: 1, reserved: 0, sold: 0 });
      expect(await merchant.requestsOf(short.no)).toEqual([]);
      for (const [{ no }] of ends.slice(0, 3)) {
        const order = orderSchema.parse(await item(outputs.OrdersTable, { out_trade_no: no }));
        const open = await eventually(
          async () => waitsFor(sagaRowSchema.parse(await item(outputs.SagasTable, { out_trade_no: no })), order),
          (mark) => mark === undefined,
          20_000,
        );
        expect(open).toBeUndefined();
      }
    };
    await check();

    // All of it once more, out of order.
    for (const [{ no, items }] of ends) {
      const { transaction_id } = await observeOrder(deployment, no);
      const isPaid = transaction_id !== undefined;
      if (isPaid) await publish(['orders', 'order.paid', eventOf(no, 'PAID', 2, items, transaction_id)]);
      else await publish(['orders', 'order.closed', eventOf(no, 'CLOSED', 2, items)]);
      await publish(['orders', 'order.created', eventOf(no, 'PAYING', 1, items)]);
    }
    const forged = { event: 'fulfilment.refused', out_trade_no: `NONE-${randomUUID().slice(0, 8)}`, code: 'NO' };
    await publish(['orders', 'fulfilment.refused', forged]);
    const letters = await messagesWith(deployment, deployment.queueUrl('dead-letters'), forged.out_trade_no, 30_000);

    expect(letters).toHaveLength(1);
    await check();
    for (const { no } of [short, refused]) expect((await wechatPay.booksOf(no)).refunds).toHaveLength(1);
  });
});
