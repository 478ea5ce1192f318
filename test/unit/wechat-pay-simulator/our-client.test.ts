import { randomUUID } from 'node:crypto';
import { createHttpFetch } from '../../../lambdas/shared/http/http-fetch.ts';
import { createApiCall } from '../../../lambdas/shared/wechat-pay/api/call.ts';
import { ApiUnavailableError, UntrustedAnswerError } from '../../../lambdas/shared/wechat-pay/api/errors.ts';
import { parseMerchantKey } from '../../../lambdas/shared/wechat-pay/api/merchant-key.ts';
import { createWechatPayApi } from '../../../lambdas/shared/wechat-pay/api/wechat-pay-api.ts';
import { createBillApi } from '../../../lambdas/shared/wechat-pay/bill/bill-api.ts';
import { BillNotReadyError, UntrustedBillError } from '../../../lambdas/shared/wechat-pay/bill/errors.ts';
import { parseBill } from '../../../lambdas/shared/wechat-pay/bill/parse-bill.ts';
import { parseMerchantSecretToAsk } from '../../../lambdas/shared/wechat-pay/merchant-secret.ts';
import { verifyNotification } from '../../../lambdas/shared/wechat-pay/notification.ts';
import { startWechatPayServer, type WechatPayServer } from '../../../local/wechat-pay-simulator/api/server.ts';
import type { Trouble } from '../../../local/wechat-pay-simulator/api/trouble.ts';
import { createMerchantKeys } from '../../../local/wechat-pay-simulator/merchant-keys.ts';
import { givenPaid, givenWechatPay, keys, notify_url, orderOf } from './merchant.ts';

// Two readers of the same pages: what one writes the other must read.
const secret = parseMerchantSecretToAsk(JSON.stringify(keys.secret));
const merchantKey = parseMerchantKey(JSON.stringify(keys.merchantKey));
let server: WechatPayServer;

beforeEach(async () => {
  server = await startWechatPayServer({ keys, settings: { settleAfterSeconds: null } });
});
afterEach(() => server.close());

function apiOf(key = merchantKey) {
  const call = createApiCall({
    baseUrl: server.url,
    merchantSecret: async () => secret,
    merchantKey: async () => key,
    fetch: createHttpFetch({ timeoutMs: 5_000, mostAnswerBytes: 65_536 }),
    now: () => new Date(),
    newNonce: () => randomUUID().replaceAll('-', ''),
    random: () => 0,
    sleep: async () => {},
  });
  return { call, ...createWechatPayApi(call, async () => secret.mchid) };
}

async function givenOrder(out_trade_no = 'ORDER-0001', changes: Record<string, unknown> = {}) {
  const api = apiOf();
  const body = { ...orderOf(out_trade_no, changes), notify_url: 'http://127.0.0.1:9/nobody' };
  await api.call({ what: 'place an order', method: 'POST', target: '/v3/pay/transactions/native', body });
  return api;
}

const refund = { out_refund_no: 'R-1', notify_url, amount: { refund: 8800, total: 8800, currency: 'CNY' } };

describe('what the functions ask of WeChat Pay', () => {
  it('is an order, from its placing to its refund', async () => {
    const api = await givenOrder();
    expect(await api.queryOrder('ORDER-0001')).toMatchObject({ trade_state: 'NOTPAY' });
    const { transaction_id } = server.wechatPay.pay('ORDER-0001').state.payment;

    expect(await api.closeOrder('ORDER-0001')).toBe('refused');
    expect(await api.queryOrder('ORDER-0001')).toMatchObject({
      trade_state: 'SUCCESS',
      transaction_id,
      amount: { total: 8800, currency: 'CNY' },
    });
    const asked = await api.requestRefund({ ...refund, transaction_id });
    server.wechatPay.settle('R-1', 'SUCCESS');
    expect(asked).toMatchObject({ status: 'PROCESSING' });
    expect(await api.queryRefund({ ...refund, transaction_id })).toMatchObject({
      status: 'SUCCESS',
      refund_id: asked.refund_id,
    });
    expect(await api.queryOrder('ORDER-0001')).toMatchObject({ trade_state: 'REFUND' });
  });

  it('may be nothing that WeChat Pay knows', async () => {
    const api = apiOf();

    expect(await api.queryOrder('ORDER-9999')).toBeUndefined();
    expect(await api.queryRefund({ transaction_id: '42', out_refund_no: 'R-9' })).toBeUndefined();
  });

  it('is closed, and then stays so', async () => {
    const api = await givenOrder();

    expect([await api.closeOrder('ORDER-0001'), await api.closeOrder('ORDER-0001')]).toEqual(['closed', 'closed']);
    expect(await api.queryOrder('ORDER-0001')).toMatchObject({ trade_state: 'CLOSED' });
  });

  it.each<Trouble>(['rateLimited', 'systemError', 'unavailable', 'dropped', 'droppedAfterWork'])(
    'is done once although it was asked for twice: %s',
    async (trouble) => {
      const api = await givenOrder();
      const { transaction_id } = server.wechatPay.pay('ORDER-0001').state.payment;
      server.wechatPay.planAnswers('R-1', [trouble]);

      expect(await api.requestRefund({ ...refund, transaction_id })).toMatchObject({ status: 'PROCESSING' });
      expect(server.wechatPay.books().refunds).toHaveLength(1);
      expect(server.wechatPay.books().requests.filter(({ body }) => body.includes('R-1'))).toHaveLength(2);
    },
  );

  it.each<Trouble>(['unsigned', 'wronglySigned', 'unknownKey', 'stale', 'changed'])(
    'is not believed when an impostor answers: %s',
    async (trouble) => {
      const api = await givenOrder();
      server.wechatPay.planAnswers('ORDER-0001', [trouble]);

      await expect(api.queryOrder('ORDER-0001')).rejects.toThrow(UntrustedAnswerError);
    },
  );

  it('is refused when it is signed with another key', async () => {
    const { merchantKey: another } = createMerchantKeys();

    await expect(apiOf(another).queryOrder('ORDER-0001')).rejects.toThrow(ApiUnavailableError);
  });
});

describe('the bill that the functions read', () => {
  const paidAt = new Date('2026-01-15T23:59:59+08:00');
  const today = () => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const bills = () => createBillApi({ call: apiOf().call, baseUrl: server.url, mostBytes: 65_536 });

  /** Two orders paid on one day, with all in their texts that a merchant may write; the first is refunded today. */
  async function givenDay() {
    await givenOrder('ORDER-0001', { description: '咖啡, 大,`热', attach: 'a,b' });
    await givenOrder('ORDER-0002', { description: '"茶"', amount: { total: 1, currency: 'CNY' } });
    const paid = ['ORDER-0001', 'ORDER-0002'].map((number) => server.wechatPay.pay(number, { paidAt }));
    const [transaction_id = ''] = paid.map(({ state }) => state.payment.transaction_id);
    await apiOf().requestRefund({ ...refund, transaction_id, amount: { ...refund.amount, refund: 105 } });
    return { transaction_id };
  }

  it('holds what was paid and sent back, and its sums agree', async () => {
    const { transaction_id } = await givenDay();
    server.wechatPay.change({ bills: 'at-once' });

    const paid = parseBill((await bills().tradeBill('2026-01-15')) ?? Buffer.alloc(0));
    const refunded = parseBill((await bills().tradeBill(today())) ?? Buffer.alloc(0));

    expect(paid.payments).toMatchObject([
      { out_trade_no: 'ORDER-0001', transaction_id, total: 8800, currency: 'CNY', paidAt: '2026-01-15T23:59:59+08:00' },
      { out_trade_no: 'ORDER-0002', total: 1 },
    ]);
    expect(paid.refunds).toEqual([]);
    expect(refunded).toMatchObject({ payments: [], refunds: [{ out_refund_no: 'R-1', transaction_id, refund: 105 }] });
  });

  it('is not believed when it was changed on its way', async () => {
    await givenDay();
    server.wechatPay.change({ bills: 'at-once' });
    server.wechatPay.planAnswers('/v3/billdownload/', ['changed']);

    await expect(bills().tradeBill('2026-01-15')).rejects.toThrow(UntrustedBillError);
  });

  it('is not there yet, or none is made of a day without trade', async () => {
    await givenDay();

    await expect(bills().tradeBill(today())).rejects.toThrow(BillNotReadyError);
    expect(await bills().tradeBill('2026-01-14')).toBeUndefined();
  });
});

describe('what WeChat Pay tells the functions', () => {
  it('is verified with either of its keys, and nothing that was spoilt is', async () => {
    for (const newKeyShare of [0, 1]) {
      const given = givenWechatPay({ misbehaviour: { newKeyShare } });
      given.wechatPay.postOffice.plan('ORDER-0001', [['probe', 'forged', 'stale', 'unknownKey']]);
      await givenPaid(given, 'ORDER-0001');
      const reasons = given.received.map(({ headers, body, at }) => {
        try {
          return verifyNotification(Buffer.from(body), headers, secret, at).notification.event_type;
        } catch (error) {
          return Object(error).reason;
        }
      });

      expect(reasons).toEqual(['signature', 'timestamp', 'unknown-serial', 'signature-probe', 'TRANSACTION.SUCCESS']);
    }
  });
});
