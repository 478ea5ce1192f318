import { randomUUID } from 'node:crypto';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { BooksCompared } from '../../lambdas/compare-books/handler.ts';
import { createDynamoDbExceptionStore } from '../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
import type { ListedException } from '../../lambdas/shared/exceptions/exception-row.ts';
import { createOrder } from '../../lambdas/shared/orders/create-order.ts';
import { goodsId } from '../../lambdas/shared/stock/dynamodb-stock-store.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { ordersOf } from '../../local/demo/place-order.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { sqsEvent } from '../support/sqs-event.ts';
import { merchant, testDeployment } from '../support/test-deployment.ts';
import { type TestWechatPay, testWechatPay } from '../support/wechat-pay.ts';

const deployment = testDeployment();
const { lambda, outputs, documents, endpoint } = deployment;
const exceptions = createDynamoDbExceptionStore(documents, {
  table: outputs.ExceptionsTable,
  keepSeconds: 60,
  now: () => new Date(),
});
let wechatPay: TestWechatPay;

beforeAll(async () => {
  wechatPay = await testWechatPay(deployment);
});

async function compare(...orders: readonly string[]): Promise<BooksCompared> {
  const { answer, failed } = await invoke(lambda, outputs.CompareBooksFunction, { orders });
  expect({ answer, failed }).toMatchObject({ failed: false });
  return answer as BooksCompared;
}

/** Once what was on its way has arrived. */
function compared(...orders: readonly string[]): Promise<BooksCompared> {
  return eventually(
    () => compare(...orders),
    ({ moving, differences }) => moving === 0 && differences === 0,
    30_000,
  );
}

async function rowsOf(out_trade_no: string): Promise<ListedException[]> {
  const found: ListedException[] = [];
  for await (const row of exceptions.find({ businessKey: `order:${out_trade_no}` })) found.push(row);
  return found;
}

async function inState(out_trade_no: string, state: string): Promise<string> {
  const seen = await eventually(
    () => observeOrder(deployment, out_trade_no),
    (one) => one.state === state,
    30_000,
  );
  expect(seen.state).toBe(state);
  return out_trade_no;
}

async function paid(): Promise<string> {
  const out_trade_no = await wechatPay.checkout();
  await wechatPay.pay(out_trade_no);
  return inState(out_trade_no, 'PAID');
}

/** One that has goods, which are its own when it is paid. */
async function withGoods(): Promise<string> {
  const [sku, out_trade_no] = [`sku-${randomUUID()}`, `T-${randomUUID().slice(0, 18)}`];
  const goods = { id: goodsId(sku), available: 5, reserved: 0, sold: 0 };
  await documents.send(new PutCommand({ TableName: outputs.StockTable, Item: goods }));
  const terms = { ...merchant, amount_total: 8800, currency: 'CNY' };
  await createOrder({ ...terms, out_trade_no, state: 'PAYING', items: [{ sku, quantity: 2 }] }, ordersOf(deployment));
  return out_trade_no;
}

/** The time to pay is over: what the payment window hands over then. */
async function closed(): Promise<string> {
  const out_trade_no = await wechatPay.checkout();
  const created = {
    out_trade_no,
    state: 'PAYING',
    version: 1,
    amount: { total: 8800, currency: 'CNY' },
    changed_at: new Date().toISOString(),
  };
  await invoke(lambda, outputs.OrderTimeoutsFunction, sqsEvent(JSON.stringify(created)));
  return inState(out_trade_no, 'CLOSED');
}

async function refunded(): Promise<string> {
  const out_trade_no = await paid();
  const act = ['--reason', 'a test', '--yes', '--json', '--stage', 'local'];
  const { stdout } = await finished(startWarren(endpoint, ['refunds', 'request', out_trade_no, ...act]));
  const { out_refund_no } = JSON.parse(stdout);
  await eventually(
    () => wechatPay.booksOf(out_trade_no),
    ({ refunds }) => refunds.length > 0,
    30_000,
  );
  await wechatPay.settle(out_refund_no, 'SUCCESS');
  return inState(out_trade_no, 'REFUNDED');
}

describe('the books of orders', () => {
  it('agree when they were paid, closed or sent back', async () => {
    const orders = await Promise.all([paid(), closed(), refunded(), withGoods()]);

    expect(await compared(...orders, 'of-nobody')).toEqual({
      compared: 4,
      moving: 0,
      differences: 0,
      newDifferences: 0,
      unknown: ['of-nobody'],
    });
    expect((await Promise.all(orders.map(rowsOf))).flat()).toEqual([]);
  });

  it('make one exception where they do not, with the amounts, however often that is found', async () => {
    const out_trade_no = await paid();
    await compared(out_trade_no);
    await documents.send(
      new UpdateCommand({
        TableName: outputs.LedgerTable,
        Key: { out_trade_no },
        UpdateExpression: 'SET amount.#total = :other',
        ExpressionAttributeNames: { '#total': 'total' },
        ExpressionAttributeValues: { ':other': 8700 },
      }),
    );

    // Until the order has not moved for as long as the stage says, it is only moving.
    const first = await eventually(
      () => compare(out_trade_no),
      ({ differences }) => differences > 0,
      30_000,
    );
    expect(first).toMatchObject({ compared: 1, moving: 0, differences: 1, newDifferences: 1 });
    expect(await compare(out_trade_no)).toEqual({ ...first, newDifferences: 0, unknown: [] });

    const rows = await rowsOf(out_trade_no);
    expect(rows).toMatchObject([{ state: 'open', reason: 'difference', error_name: 'LedgerDiffers', occurrences: 2 }]);
    expect(rows[0]?.error_message).toContain('amount in fen is 8800 in Orders and 8700 in Ledger');

    const { status, stdout } = await finished(
      startWarren(endpoint, ['orders', 'show', out_trade_no, '--stage', 'local']),
    );
    expect(status).toBe(0);
    expect(stdout).toContain(`Order ${out_trade_no}: PAID`);
    for (const source of ['Orders', 'Outbox', 'Ledger', 'Exceptions'])
      expect(stdout).toMatch(new RegExp(`Z +${source} `));
    expect(stdout).toContain(`npx warren exceptions show ${rows[0]?.event_id}`);
    // Whoever mends the ledger by hand closes the row too.
    if (rows[0]) await exceptions.discard(rows[0], { who: 'a test', why: 'made by hand' });
    expect(await compare(out_trade_no)).toMatchObject({ differences: 1 });
    expect(await rowsOf(out_trade_no)).toMatchObject([{ state: 'discarded' }]);
  });
});
