import { givenPaid, givenWechatPay, mchid, notify_url, orderOf, urls } from './merchant.ts';

const number = 'ORDER-0001';

describe('an order at WeChat Pay', () => {
  it('is placed for a QR code or for a payer', async () => {
    const { call } = givenWechatPay();

    expect(await call('POST', urls.native, orderOf(number))).toMatchObject({
      status: 200,
      json: { code_url: expect.stringMatching(/^weixin:\/\/wxpay\/bizpayurl\?pr=/) },
    });
    const jsapi = orderOf('ORDER-0002', { payer: { openid: 'o-1' } });
    expect(await call('POST', urls.jsapi, jsapi)).toMatchObject({
      status: 200,
      json: { prepay_id: expect.stringMatching(/^wx[0-9a-f]{34}$/) },
    });
  });

  it('placed again with the same terms is the same', async () => {
    const { call, wechatPay } = givenWechatPay();

    const first = await call('POST', urls.native, orderOf(number));
    const second = await call('POST', urls.native, orderOf(number));

    expect(second.json).toEqual(first.json);
    expect(wechatPay.books().orders).toHaveLength(1);
  });

  it.each([
    ['another amount', { amount: { total: 1, currency: 'CNY' } }],
    ['another description', { description: '茶' }],
    ['another notify_url', { notify_url: `${notify_url}/other` }],
  ])('is refused with %s under the same number', async (_, changes) => {
    const { call } = givenWechatPay();
    await call('POST', urls.native, orderOf(number));

    const again = await call('POST', urls.native, orderOf(number, changes));

    expect(again).toMatchObject({ status: 403, json: { code: 'OUT_TRADE_NO_USED' } });
  });

  it.each([
    ['a number that is too short', { out_trade_no: 'A-1' }, 'PARAM_ERROR'],
    ['an amount in fractions', { amount: { total: 0.5, currency: 'CNY' } }, 'PARAM_ERROR'],
    ['no amount', { amount: { total: 0, currency: 'CNY' } }, 'PARAM_ERROR'],
    ['a notify_url with a query', { notify_url: `${notify_url}?a=1` }, 'PARAM_ERROR'],
    ['a notify_url that is none', { notify_url: 'merchant' }, 'PARAM_ERROR'],
    ['another merchant', { mchid: '1900009999' }, 'PARAM_ERROR'],
    ['an app of somebody else', { appid: 'wx-other' }, 'APPID_MCHID_NOT_MATCH'],
  ])('is refused with %s', async (_, changes, code) => {
    const { call } = givenWechatPay();

    expect(await call('POST', urls.native, orderOf(number, changes))).toMatchObject({ status: 400, json: { code } });
  });

  it('is refused when the body is not JSON', async () => {
    const { call, wechatPay } = givenWechatPay();

    expect(await call('POST', urls.native, 'text')).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
    expect(wechatPay.books().orders).toEqual([]);
  });

  it('is NOTPAY, then SUCCESS with all that is known of the payment, by either number', async () => {
    const given = givenWechatPay();
    await given.call('POST', urls.jsapi, orderOf(number, { payer: { openid: 'o-1' }, attach: 'a' }));
    const unpaid = await given.call('GET', urls.order(number));
    given.wechatPay.pay(number);

    const paid = await given.call('GET', urls.order(number));

    expect(unpaid.json).toEqual({
      mchid,
      appid: 'wx0000000000000001',
      out_trade_no: number,
      attach: 'a',
      trade_state: 'NOTPAY',
      trade_state_desc: '订单未支付',
      amount: { total: 8800, currency: 'CNY', payer_currency: 'CNY' },
      payer: {},
      promotion_detail: [],
    });
    expect(paid.json).toEqual({
      ...unpaid.json,
      transaction_id: expect.stringMatching(/^42\d{26}$/),
      trade_type: 'JSAPI',
      trade_state: 'SUCCESS',
      trade_state_desc: '支付成功',
      bank_type: 'OTHERS',
      success_time: '2026-11-23T10:00:00+08:00',
      payer: { openid: 'o-1' },
      amount: { total: 8800, payer_total: 8800, currency: 'CNY', payer_currency: 'CNY' },
    });
    expect((await given.call('GET', urls.transaction(paid.json.transaction_id))).json).toEqual(paid.json);
  });

  it('that nobody placed is unknown, by either number and to a close', async () => {
    const { call } = givenWechatPay();
    const unknown = { status: 404, json: { code: 'ORDER_NOT_EXIST' } };

    expect(await call('GET', urls.order(number))).toMatchObject(unknown);
    expect(await call('GET', urls.transaction('4200'))).toMatchObject(unknown);
    expect(await call('POST', urls.close(number), { mchid })).toMatchObject(unknown);
  });

  it('is asked for with a number that is percent-encoded', async () => {
    const { call } = givenWechatPay();
    await call('POST', urls.native, orderOf('A|B*C-_1'));

    expect(await call('GET', urls.order(encodeURIComponent('A|B*C-_1')))).toMatchObject({ status: 200 });
    expect(await call('GET', urls.order('%'))).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  });

  it('is asked for by its own merchant alone', async () => {
    const { call } = givenWechatPay();
    await call('POST', urls.native, orderOf(number));

    const answer = await call('GET', `/v3/pay/transactions/out-trade-no/${number}?mchid=1900009999`);

    expect(answer).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  });

  it('is closed once and for all: it cannot be paid or placed again', async () => {
    const { call, wechatPay } = givenWechatPay();
    await call('POST', urls.native, orderOf(number));

    const closes = [
      await call('POST', urls.close(number), { mchid }),
      await call('POST', urls.close(number), { mchid }),
    ];

    expect(closes.map(({ status, body }) => [status, body.length])).toEqual([
      [204, 0],
      [204, 0],
    ]);
    expect(() => wechatPay.pay(number)).toThrow(expect.objectContaining({ code: 'ORDER_CLOSED' }));
    expect(await call('POST', urls.native, orderOf(number))).toMatchObject({
      status: 400,
      json: { code: 'ORDER_CLOSED' },
    });
    expect((await call('GET', urls.order(number))).json).toMatchObject({ trade_state: 'CLOSED' });
  });

  it('that is paid cannot be closed, paid or placed again', async () => {
    const given = givenWechatPay();
    await givenPaid(given, number);
    const paid = { status: 400, json: { code: 'ORDERPAID' } };

    expect(await given.call('POST', urls.close(number), { mchid })).toMatchObject(paid);
    expect(await given.call('POST', urls.native, orderOf(number))).toMatchObject(paid);
    expect(() => given.wechatPay.pay(number)).toThrow(expect.objectContaining({ code: 'ORDERPAID' }));
  });

  it('cannot be paid after its time_expire', async () => {
    const { call, wechatPay, time } = givenWechatPay();
    await call('POST', urls.native, orderOf(number, { time_expire: '2026-11-23T10:05:00+08:00' }));
    time.advance(301_000);

    expect(() => wechatPay.pay(number)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }));
  });

  it('may be paid in the moment it is closed: the close is refused, and the payment told', async () => {
    const given = givenWechatPay();
    await given.call('POST', urls.native, orderOf(number));
    given.wechatPay.payWhenClosing(number);

    const close = await given.call('POST', urls.close(number), { mchid });
    await given.quiet();

    expect(close).toMatchObject({ status: 400, json: { code: 'ORDERPAID' } });
    expect(given.received).toHaveLength(1);
  });
});
