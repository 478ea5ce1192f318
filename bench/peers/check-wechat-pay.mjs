// A published client of WeChat Pay against the simulator: what the client signs is taken, and what the simulator signs is taken by the client.
//
//   npm run bench:wechat-pay-client
//
// Plain JavaScript: its package is no part of the project.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { Wechatpay } from 'wechatpay-axios-plugin';
import { startWechatPayServer } from '../../local/wechat-pay-simulator/api/server.ts';
import { createMerchantKeys } from '../../local/wechat-pay-simulator/merchant-keys.ts';

const keys = createMerchantKeys();
const { mchid, appids, publicKeys } = keys.secret;
const server = await startWechatPayServer({ keys, settings: { settleAfterSeconds: null, bills: 'at-once' } });
const { wechatPay } = server;
const client = new Wechatpay({ mchid, ...keys.merchantKey, certs: { ...publicKeys }, baseURL: server.url });

const out_trade_no = 'PEER-0001';
const order = {
  mchid,
  appid: appids[0],
  description: '咖啡, 大',
  out_trade_no,
  notify_url: 'http://127.0.0.1:9/nobody',
  amount: { total: 8800, currency: 'CNY' },
};
const refund = { out_trade_no, out_refund_no: 'PEER-R-1', amount: { refund: 100, total: 8800, currency: 'CNY' } };
const { v3 } = client;
const refused = (status, code) => (error) =>
  error.response?.status === status && (error.response.data.code ?? JSON.parse(error.response.data).code) === code;

/** What is tried, as a sentence, and how. */
const tries = {
  async 'a native order is placed'() {
    const { data } = await v3.pay.transactions.native.post(order);
    assert.match(data.code_url, /^weixin:/);
  },
  async 'a JSAPI order is placed'() {
    const { data } = await v3.pay.transactions.jsapi.post({
      ...order,
      out_trade_no: 'PEER-0002',
      payer: { openid: 'o-1' },
    });
    assert.match(data.prepay_id, /^wx/);
  },
  async 'an order is closed, with an empty signed answer'() {
    const { status } = await v3.pay.transactions.outTradeNo.$out_trade_no$.close.post(
      { mchid },
      { out_trade_no: 'PEER-0002' },
    );
    assert.equal(status, 204);
  },
  async 'a paid order is found by both numbers'() {
    wechatPay.pay(out_trade_no);
    const { data } = await v3.pay.transactions.outTradeNo.$out_trade_no$.get({ params: { mchid }, out_trade_no });
    const { transaction_id } = data;
    const byId = await v3.pay.transactions.id.$transaction_id$.get({ params: { mchid }, transaction_id });
    assert.deepEqual(byId.data, data);
    assert.equal(data.trade_state, 'SUCCESS');
  },
  async 'a refund is asked for twice, and one'() {
    const { data } = await v3.refund.domestic.refunds.post(refund);
    const again = await v3.refund.domestic.refunds.post(refund);
    wechatPay.settle(refund.out_refund_no, 'SUCCESS');
    const settled = await v3.refund.domestic.refunds.$out_refund_no$.get({ out_refund_no: refund.out_refund_no });
    assert.equal(again.data.refund_id, data.refund_id);
    assert.equal(settled.data.status, 'SUCCESS');
  },
  async 'a bill is downloaded, with the hash that was promised'() {
    const bill_date = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
    const { data } = await v3.bill.tradebill.get({ params: { bill_date, bill_type: 'ALL', tar_type: 'GZIP' } });
    const token = new URL(data.download_url).searchParams.get('token');
    const file = await v3.billdownload.file.get({ params: { token }, responseType: 'arraybuffer' });
    assert.equal(createHash('sha1').update(gunzipSync(file.data)).digest('hex'), data.hash_value);
  },
  async 'an unknown order is refused'() {
    const asking = v3.pay.transactions.outTradeNo.$out_trade_no$.get({
      params: { mchid },
      out_trade_no: 'PEER-9999',
    });
    await assert.rejects(asking, refused(404, 'ORDER_NOT_EXIST'));
  },
  async 'an impostor’s answer is refused by the client'() {
    for (const trouble of ['unsigned', 'wronglySigned', 'unknownKey', 'stale', 'changed']) {
      wechatPay.planAnswers('', [trouble]);
      const asking = v3.pay.transactions.outTradeNo.$out_trade_no$.get({ params: { mchid }, out_trade_no });
      await assert.rejects(asking, (error) => String(error.code).startsWith('EV3_RES_'), trouble);
    }
  },
};

try {
  for (const [title, attempt] of Object.entries(tries)) {
    await attempt();
    console.log(`ok  ${title}`);
  }
} finally {
  await server.close();
}
