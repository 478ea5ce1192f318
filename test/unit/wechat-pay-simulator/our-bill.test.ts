import { randomUUID } from 'node:crypto';
import { createCompareDay } from '../../../lambdas/daily-bill/compare-day.ts';
import { createHttpFetch } from '../../../lambdas/shared/http/http-fetch.ts';
import type { Order } from '../../../lambdas/shared/orders/order.ts';
import { agendaOf, beijingDate } from '../../../lambdas/shared/orders/order-agenda.ts';
import { createApiCall } from '../../../lambdas/shared/wechat-pay/api/call.ts';
import { createBillApi } from '../../../lambdas/shared/wechat-pay/bill/bill-api.ts';
import { createBillOrders } from '../../../lambdas/shared/wechat-pay/bill/bill-orders.ts';
import { parseMerchantSecretToAsk } from '../../../lambdas/shared/wechat-pay/merchant-secret.ts';
import { startWechatPayServer, type WechatPayServer } from '../../../local/wechat-pay-simulator/api/server.ts';
import { MemoryOrdersStore } from '../lambdas/shared/orders/memory-orders-store.ts';
import { MemoryRefundsStore } from '../lambdas/shared/refunds/memory-refunds-store.ts';
import { keys, mchid, notify_url, orderOf } from './merchant.ts';

// Two readers of the same pages: the bill that one writes the other must read.
const secret = parseMerchantSecretToAsk(JSON.stringify(keys.secret));
let server: WechatPayServer;

beforeEach(async () => {
  server = await startWechatPayServer({ keys, settings: { settleAfterSeconds: null, bills: 'at-once' } });
});
afterEach(() => server.close());

function given(orders: readonly Order[] = [], baseUrl = server.url) {
  const call = createApiCall({
    baseUrl: server.url,
    merchantSecret: async () => secret,
    merchantKey: async () => keys.merchantKey,
    fetch: createHttpFetch({ timeoutMs: 5_000, mostAnswerBytes: 1_000_000 }),
    now: () => new Date(),
    newNonce: () => randomUUID().replaceAll('-', ''),
    random: () => 0,
    sleep: async () => {},
  });
  const agenda = {
    async *all(topic: string) {
      for (const order of orders) if (agendaOf(order, new Date())?.agenda.startsWith(`${topic}#`)) yield { ...order };
    },
  };
  const compareDay = createCompareDay({
    bills: createBillApi({ call, baseUrl, mostBytes: 1_000_000 }),
    mchid: async () => mchid,
    orders: createBillOrders(agenda, new MemoryOrdersStore(...orders)),
    refunds: new MemoryRefundsStore(),
  });
  return { call, compareDay };
}

/** Of a payment at WeChat Pay: the order here, and the day its bill has it. */
async function givenPayment(out_trade_no: string, description: string) {
  const body = { ...orderOf(out_trade_no), description, notify_url: 'http://127.0.0.1:9/nobody' };
  await given().call({ what: 'place an order', method: 'POST', target: '/v3/pay/transactions/native', body });
  const { terms, state } = server.wechatPay.pay(out_trade_no);
  const { transaction_id, success_time } = state.payment;
  const order: Order = {
    state: 'PAID',
    out_trade_no,
    mchid: terms.mchid,
    appid: terms.appid,
    amount_total: terms.amount.total,
    currency: terms.amount.currency,
    transaction_id,
    paid_at: success_time,
  };
  return { order, date: beijingDate(new Date(success_time)) };
}

describe('the bill that WeChat Pay writes', () => {
  it('agrees with orders that were paid, whatever their descriptions are', async () => {
    const { order, date } = await givenPayment('ORDER-0001', '礼物, 红色,`大, "特价"');

    expect(await given([order]).compareDay(date)).toEqual({ payments: 1, refunds: 0, differences: [] });
  });

  it('has the payment that nobody notified us of, and the refund that nobody here asked for', async () => {
    const { order, date } = await givenPayment('ORDER-0001', 'gift');
    const { transaction_id, out_trade_no } = order;
    const body = {
      transaction_id,
      out_refund_no: 'R-1',
      notify_url,
      amount: { refund: 29, total: 8800, currency: 'CNY' },
    };
    await given().call({ what: 'refund', method: 'POST', target: '/v3/refund/domestic/refunds', body });

    const { differences } = await given().compareDay(date);

    expect(differences).toMatchObject([
      { kind: 'payment-missing-here', payment: { out_trade_no, transaction_id, total: 8800, paidAt: order.paid_at } },
      { kind: 'refund-missing-here', refund: { out_refund_no: 'R-1', refund: 29 } },
    ]);
  });

  it('lacks what WeChat Pay was never paid, and is none on a day without sales', async () => {
    const { order, date } = await givenPayment('ORDER-0001', 'gift');
    const terms = { out_trade_no: 'ORDER-0002', transaction_id: '4200000000', paid_at: `${date}T12:00:00+08:00` };
    const forged = { ...order, ...terms } as Order;

    expect((await given([order, forged]).compareDay(date)).differences).toMatchObject([
      { kind: 'payment-missing-there', order: { out_trade_no: 'ORDER-0002' } },
    ]);
    expect(await given([]).compareDay('2026-01-15')).toEqual({ payments: 0, refunds: 0, differences: [] });
  });

  it('is not asked for at another address than the one we have', async () => {
    const { date } = await givenPayment('ORDER-0001', 'gift');

    await expect(given([], 'https://api.mch.weixin.qq.com').compareDay(date)).rejects.toThrow('not the API');
  });
});
