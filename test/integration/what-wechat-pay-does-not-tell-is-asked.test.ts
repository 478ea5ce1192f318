import { moveOrder } from '../../lambdas/shared/orders/move-order.ts';
import { overdueChange } from '../../lambdas/shared/orders/overdue-change.ts';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { ordersOf } from '../../local/demo/place-order.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { sqsEvent } from '../support/sqs-event.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { type TestWechatPay, testWechatPay } from '../support/wechat-pay.ts';

const deployment = testDeployment();
const { lambda, outputs } = deployment;
let wechatPay: TestWechatPay;

beforeAll(async () => {
  wechatPay = await testWechatPay(deployment);
});

/** Run after run, as the schedule does it, until the order is in that state. */
async function reconciledTo(out_trade_no: string, state: string) {
  return eventually(
    async () => {
      await invoke(lambda, outputs.ReconcileFunction, {});
      return observeOrder(deployment, out_trade_no);
    },
    (seen) => seen.state === state,
    40_000,
  );
}

function inState(out_trade_no: string, state: string) {
  return eventually(
    () => observeOrder(deployment, out_trade_no),
    (seen) => seen.state === state,
    30_000,
  );
}

const createdOf = (out_trade_no: string) => ({
  out_trade_no,
  state: 'PAYING' as const,
  version: 1,
  amount: { total: 8800, currency: 'CNY' },
  changed_at: new Date().toISOString(),
});

/** The time to pay is over: what the payment window hands over then. */
async function timeIsOver(out_trade_no: string) {
  return invoke(lambda, outputs.OrderTimeoutsFunction, sqsEvent(JSON.stringify(createdOf(out_trade_no))));
}

/** Of orders that somebody else has closed here, without a word to WeChat Pay. */
async function closeHereAlone(out_trade_no: string): Promise<void> {
  await moveOrder(overdueChange(createdOf(out_trade_no), new Date()), ordersOf(deployment));
}

/** Its number, once WeChat Pay was asked for it. */
async function refundOf(out_trade_no: string): Promise<string> {
  const { refunds } = await eventually(
    () => wechatPay.booksOf(out_trade_no),
    (books) => books.refunds.length > 0,
    30_000,
  );
  expect(refunds).toHaveLength(1);
  return refunds[0]?.out_refund_no ?? '';
}

/** A payment that came when its order was closed here: it is told, and its money must go back. */
async function givenPaidAfterClose(): Promise<{ out_trade_no: string; out_refund_no: string }> {
  const out_trade_no = await wechatPay.checkout();
  await wechatPay.planCallbacks(out_trade_no, ['silence']);
  await wechatPay.pay(out_trade_no);
  await closeHereAlone(out_trade_no);
  await wechatPay.tellAgain({ out_trade_no });
  return { out_trade_no, out_refund_no: await refundOf(out_trade_no) };
}

describe('a payment of which no notification comes', () => {
  it('is found by asking, and its late notification changes nothing', async () => {
    const out_trade_no = await wechatPay.checkout();
    await wechatPay.planCallbacks(out_trade_no, ['silence']);
    await wechatPay.pay(out_trade_no);

    await reconciledTo(out_trade_no, 'PAID');
    await wechatPay.tellAgain({ out_trade_no });
    // Its own: other orders may have late ones.
    const { callbacks } = await eventually(
      () => wechatPay.booksOf(out_trade_no),
      (books) => books.callbacks.every(({ state }) => state !== 'pending'),
      30_000,
    );
    expect(callbacks.map(({ state }) => state)).toContain('delivered');

    expect(eventsOf(await observeOrder(deployment, out_trade_no))).toEqual(['order.created', 'order.paid']);
  });
});

describe('an order whose time to pay is over', () => {
  it('is closed at WeChat Pay first and then here', async () => {
    const out_trade_no = await wechatPay.checkout();

    expect(await timeIsOver(out_trade_no)).toEqual({ answer: { batchItemFailures: [] }, failed: false });

    expect((await observeOrder(deployment, out_trade_no)).state).toBe('CLOSED');
    expect((await wechatPay.booksOf(out_trade_no)).orders).toMatchObject([{ state: { trade_state: 'CLOSED' } }]);
    await expect(wechatPay.pay(out_trade_no)).rejects.toThrow('ORDER_CLOSED');
  });

  it('is PAID when somebody pays it in the moment it is closed', async () => {
    const out_trade_no = await wechatPay.checkout();
    await wechatPay.planCallbacks(out_trade_no, ['silence']);
    await wechatPay.payWhenClosing(out_trade_no);

    await timeIsOver(out_trade_no);

    expect(eventsOf(await inState(out_trade_no, 'PAID'))).toEqual(['order.created', 'order.paid']);
  });

  it('stays PAYING while WeChat Pay cannot be asked, and is closed when it can', async () => {
    const out_trade_no = await wechatPay.checkout();
    await wechatPay.planAnswers(out_trade_no, 'unsigned');

    const { answer } = await timeIsOver(out_trade_no);

    expect(answer).toMatchObject({ batchItemFailures: [{}] });
    expect((await observeOrder(deployment, out_trade_no)).state).toBe('PAYING');
    await timeIsOver(out_trade_no);
    expect((await observeOrder(deployment, out_trade_no)).state).toBe('CLOSED');
  });
});

describe('money that must come back', () => {
  it('is asked for once, and the order is REFUNDED when that is told', async () => {
    const { out_trade_no, out_refund_no } = await givenPaidAfterClose();
    await wechatPay.tellAgain({ out_trade_no });

    await wechatPay.settle(out_refund_no, 'SUCCESS');

    const seen = await inState(out_trade_no, 'REFUNDED');
    expect(eventsOf(seen)).toEqual(['order.created', 'order.closed', 'order.refunding', 'order.refunded']);
    expect((await wechatPay.booksOf(out_trade_no)).refunds).toHaveLength(1);
  });

  it('is found to be back when nobody tells it', async () => {
    const { out_trade_no, out_refund_no } = await givenPaidAfterClose();
    await wechatPay.planCallbacks(out_refund_no, ['silence']);
    await wechatPay.settle(out_refund_no, 'SUCCESS');

    await reconciledTo(out_trade_no, 'REFUNDED');
  });

  it('is asked for again, under its number, when WeChat Pay has not heard of it', async () => {
    const out_trade_no = await wechatPay.checkout();
    await wechatPay.planCallbacks(out_trade_no, ['silence']);
    const { state } = await wechatPay.pay(out_trade_no);
    const transaction_id = 'payment' in state ? state.payment.transaction_id : '';
    await wechatPay.planAnswers(`WR${transaction_id}`, ...Array.from({ length: 3 }, () => 'systemError' as const));
    await closeHereAlone(out_trade_no);
    await wechatPay.tellAgain({ out_trade_no });

    expect(await refundOf(out_trade_no)).toBe(`WR${transaction_id}`);
  });

  it('and cannot be taken is an exception for on-call; sent elsewhere, it ends the order', async () => {
    const { out_trade_no, out_refund_no } = await givenPaidAfterClose();

    await wechatPay.settle(out_refund_no, 'ABNORMAL');
    const deadLetters = deployment.queueUrl('dead-letters');
    const letters = await messagesWith(deployment, deadLetters, out_refund_no, 30_000);
    expect(letters).toHaveLength(1);
    expect((await observeOrder(deployment, out_trade_no)).state).toBe('REFUNDING');

    await wechatPay.settle(out_refund_no, 'SUCCESS');
    await inState(out_trade_no, 'REFUNDED');
  });
});
