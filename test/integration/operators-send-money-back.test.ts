import { randomUUID } from 'node:crypto';
import { eventsOf, observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import { invoke } from '../support/invoke.ts';
import { refundsOf } from '../support/refunds.ts';
import { finished, startWarren } from '../support/run-warren-process.ts';
import { sqsEvent } from '../support/sqs-event.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { type TestWechatPay, testWechatPay } from '../support/wechat-pay.ts';

const deployment = testDeployment();
const { lambda, outputs, endpoint } = deployment;
const refunds = refundsOf(deployment);
let wechatPay: TestWechatPay;

beforeAll(async () => {
  wechatPay = await testWechatPay(deployment);
});

/** `warren refunds …` on the stage of the tests. */
async function refundsCommand(...args: readonly string[]) {
  const act = args[0] === 'list' ? [] : ['--reason', 'ticket 7', '--who', 'ming', '--yes'];
  const all = ['refunds', ...args, '--stage', 'local', '--json', ...act];
  const { status, stdout } = await finished(startWarren(endpoint, all));
  return { status, ...JSON.parse(stdout) };
}

async function givenPaid() {
  const out_trade_no = await wechatPay.checkout();
  const { state } = await wechatPay.pay(out_trade_no);
  await inState(out_trade_no, 'PAID');
  return { out_trade_no, transaction_id: 'payment' in state ? state.payment.transaction_id : '' };
}

function inState(out_trade_no: string, state: string) {
  return eventually(
    () => observeOrder(deployment, out_trade_no),
    (seen) => seen.state === state,
    30_000,
  );
}

/** Once WeChat Pay was asked for so many. */
async function refundsThere(out_trade_no: string, number: number) {
  const books = await eventually(
    () => wechatPay.booksOf(out_trade_no),
    (seen) => seen.refunds.length >= number,
    30_000,
  );
  return books.refunds;
}

describe('money that an operator sends back', () => {
  it('goes back in parts, once each, and ends the order when all of it is back', async () => {
    const { out_trade_no } = await givenPaid();

    const part = await refundsCommand('request', out_trade_no, '--fen', '800');
    expect(part).toMatchObject({ status: 0, outcome: 'requested', fen: 800 });
    const again = ['request', out_trade_no, '--fen', '800', '--number', part.out_refund_no];
    expect(await refundsCommand(...again)).toMatchObject({ status: 0, outcome: 'repeated' });
    expect(await refundsCommand('request', out_trade_no, '--fen', '8001')).toMatchObject({
      status: 1,
      outcome: 'refused',
    });
    expect((await observeOrder(deployment, out_trade_no)).state).toBe('PAID');
    expect(await refundsCommand('request', out_trade_no)).toMatchObject({ status: 0, fen: 8000 });

    const there = await refundsThere(out_trade_no, 2);
    expect(there.map(({ amount }) => amount.refund).sort()).toEqual([800, 8000]);
    for (const { out_refund_no } of there) await wechatPay.settle(out_refund_no, 'SUCCESS');
    const seen = await inState(out_trade_no, 'REFUNDED');
    expect(eventsOf(seen)).toEqual(['order.created', 'order.paid', 'order.refunding', 'order.refunded']);
    expect((await wechatPay.booksOf(out_trade_no)).refunds).toHaveLength(2);
  });

  it('stays where it is when the refund is withdrawn before WeChat Pay knows of it', async () => {
    const { out_trade_no, transaction_id } = await givenPaid();
    const out_refund_no = `OP${randomUUID().replaceAll('-', '')}`;
    // Its message is still on its way, and its turn with reconcile is far off.
    const requested_at = new Date(Date.now() + 3_600_000).toISOString();
    const amounts = { refund: 8800, total: 8800, currency: 'CNY' };
    const row = {
      transaction_id,
      out_refund_no,
      out_trade_no,
      ...amounts,
      state: 'REQUESTED',
      reason: 'a test',
      requested_at,
    } as const;
    await refunds.settle(undefined, row);
    const isListed = async () => {
      const { refunds: open } = await refundsCommand('list', '--most', '1000');
      return open.some((one: { out_refund_no: string }) => one.out_refund_no === out_refund_no);
    };
    expect(await isListed()).toBe(true);

    expect(await refundsCommand('withdraw', out_refund_no)).toMatchObject({ status: 0, outcome: 'withdrawn' });

    const message = JSON.stringify({ transaction_id, out_refund_no, out_trade_no });
    const { answer } = await invoke(lambda, outputs.RefundsFunction, sqsEvent(message));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect((await wechatPay.booksOf(out_trade_no)).refunds).toEqual([]);
    expect(await isListed()).toBe(false);
    expect(await refunds.sumsOf(transaction_id)).toMatchObject({ reserved: 0 });
  });

  it('cannot be withdrawn once WeChat Pay has it', async () => {
    const { out_trade_no } = await givenPaid();
    const { out_refund_no } = await refundsCommand('request', out_trade_no);
    await refundsThere(out_trade_no, 1);

    const refused = await eventually(
      () => refundsCommand('withdraw', out_refund_no),
      ({ reason }) => !String(reason).includes('try again'),
      30_000,
    );
    expect(refused).toMatchObject({ status: 1, outcome: 'refused', reason: expect.stringContaining('is PROCESSING') });
  });
});
