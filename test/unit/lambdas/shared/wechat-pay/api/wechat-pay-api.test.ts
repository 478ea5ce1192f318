import { ApiRefusedError, UnreadableAnswerError } from '../../../../../../lambdas/shared/wechat-pay/api/errors.ts';
import { createWechatPayApi } from '../../../../../../lambdas/shared/wechat-pay/api/wechat-pay-api.ts';
import { rejectionOf } from '../../../builders.ts';
import { openid, paidResource, secret } from '../wechat-pay.ts';
import { ApiPeer, type Said } from './api-peer.ts';

function apiOf(...answers: Said[]) {
  const peer = new ApiPeer(...answers);
  return { peer, api: createWechatPayApi(peer.call(), async () => secret.mchid) };
}

const unknown: Said = { status: 404, body: { code: 'ORDER_NOT_EXIST' } };
const refund = {
  refund_id: '50',
  out_refund_no: 'R|1',
  transaction_id: '42',
  out_trade_no: 'T-1',
  channel: 'ORIGINAL',
  user_received_account: '招商银行信用卡0403',
  create_time: '2026-11-23T12:00:00+08:00',
  status: 'PROCESSING',
  amount: { total: 8800, refund: 800, payer_total: 8800, payer_refund: 800, currency: 'CNY' },
};

describe('an order at WeChat Pay', () => {
  it('is found by its number, percent-encoded, without personal data', async () => {
    const { peer, api } = apiOf({ status: 200, body: { ...paidResource, out_trade_no: 'a/b?c' } });

    const found = await api.queryOrder('a/b?c');

    expect(peer.asked[0]?.url).toBe(
      'https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/a%2Fb%3Fc?mchid=1900000001',
    );
    expect(found).toMatchObject({ trade_state: 'SUCCESS', transaction_id: paidResource.transaction_id });
    expect(JSON.stringify(found)).not.toContain(openid);
  });

  it.each(['NOTPAY', 'CLOSED', 'REVOKED', 'USERPAYING', 'PAYERROR', 'ACCEPT'])('may be %s', async (trade_state) => {
    const { mchid, out_trade_no } = paidResource;
    const { api } = apiOf({ status: 200, body: { mchid, out_trade_no, trade_state, trade_state_desc: '' } });

    expect(await api.queryOrder(out_trade_no)).toEqual({ mchid, out_trade_no, trade_state });
  });

  it('is not unknown for a 404 that says something else', async () => {
    const { api } = apiOf({ status: 404, body: { code: 'NOT_FOUND' } });

    expect(await rejectionOf(api.queryOrder('T-1'))).toBeInstanceOf(ApiRefusedError);
  });

  it('may be unknown', async () => {
    expect(await apiOf(unknown).api.queryOrder('T-1')).toBeUndefined();
  });

  it('that is paid is not believed without its payment', async () => {
    const { api } = apiOf({ status: 200, body: { ...paidResource, transaction_id: undefined } });

    const error = await rejectionOf(api.queryOrder('T-1'));
    expect(error).toBeInstanceOf(UnreadableAnswerError);
    expect(error).toMatchObject({ message: expect.stringContaining('transaction_id') });
  });

  it('is not believed to be another one: somebody may have kept that answer', async () => {
    const { api } = apiOf({ status: 200, body: paidResource });

    expect(await rejectionOf(api.queryOrder('T-2'))).toBeInstanceOf(UnreadableAnswerError);
  });

  it('is closed, or refuses to be', async () => {
    const closed = apiOf({ status: 204 });
    expect(await closed.api.closeOrder('T-1')).toBe('closed');
    expect(closed.peer.asked[0]).toMatchObject({ method: 'POST', body: '{"mchid":"1900000001"}' });
    expect(await apiOf({ status: 400, body: { code: 'ORDERPAID' } }).api.closeOrder('T-1')).toBe('refused');
  });
});

describe('a refund at WeChat Pay', () => {
  it('is asked for, found, or unknown; without the account it goes to', async () => {
    const ask = {
      transaction_id: '42',
      out_refund_no: 'R|1',
      amount: { refund: 800, total: 8800, currency: 'CNY' },
    };
    const { peer, api } = apiOf({ status: 200, body: refund });

    const asked = await api.requestRefund(ask);
    const found = await api.queryRefund(ask);

    expect(JSON.parse(peer.asked[0]?.body ?? '')).toEqual(ask);
    expect(peer.asked[1]?.url).toBe('https://api.mch.weixin.qq.com/v3/refund/domestic/refunds/R%7C1');
    expect([asked, found]).toEqual([asked, asked]);
    expect(asked).toMatchObject({ status: 'PROCESSING', amount: { total: 8800, refund: 800 } });
    expect(JSON.stringify(asked)).not.toContain('招商银行');
    const unknownRefund = apiOf({ status: 404, body: { code: 'RESOURCE_NOT_EXISTS' } });
    expect(await unknownRefund.api.queryRefund(ask)).toBeUndefined();
  });

  it('is not believed to be one of another payment, though it has the number', async () => {
    const { api } = apiOf({ status: 200, body: refund });
    const other = { transaction_id: '43', out_refund_no: 'R|1', amount: { refund: 800, total: 8800, currency: 'CNY' } };

    expect(await rejectionOf(api.queryRefund(other))).toBeInstanceOf(UnreadableAnswerError);
    expect(await rejectionOf(api.requestRefund(other))).toBeInstanceOf(UnreadableAnswerError);
  });
});
