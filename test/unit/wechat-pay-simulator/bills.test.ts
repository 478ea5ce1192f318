import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { givenWechatPay, isSigned, orderOf, refundOf, urls } from './merchant.ts';

const billOf = (day: string, query = '&bill_type=ALL&tar_type=GZIP') => `/v3/bill/tradebill?bill_date=${day}${query}`;
const openid = 'o-1';

/** One order paid on the 22nd, another paid and refunded in part on the 23rd; all days are those of Beijing. */
async function givenBooks() {
  const given = givenWechatPay();
  await given.call('POST', urls.native, orderOf('ORDER-0001'));
  const first = given.wechatPay.pay('ORDER-0001', { openid, paidAt: new Date('2026-11-22T23:59:59+08:00') });
  await given.call(
    'POST',
    urls.native,
    orderOf('ORDER-0002', { description: '咖啡, 大, "热"', attach: 'a=1', amount: { total: 12345 } }),
  );
  const second = given.wechatPay.pay('ORDER-0002', { openid, paidAt: new Date('2026-11-23T00:00:00+08:00') });
  await given.call(
    'POST',
    urls.refunds,
    refundOf('ORDER-0002', 'R-1', 105, { amount: { refund: 105, total: 12345, currency: 'CNY' } }),
  );
  given.wechatPay.settle('R-1', 'SUCCESS');
  await given.quiet();
  const payments = [first, second].map(({ state }) => state.payment.transaction_id);
  const refund_id = given.wechatPay.books().refunds[0]?.refund_id ?? '';
  async function download(json: { download_url: string }) {
    const { pathname, search } = new URL(json.download_url);
    return given.call('GET', `${pathname}${search}`);
  }
  return { ...given, payments, refund_id, download };
}

const header =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';
const summary = '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额';
const who = '`wx0000000000000001,`1900000001,`0,`';

describe('the bill of WeChat Pay', () => {
  it('holds the payments and refunds of one day in Beijing, in its own CSV', async () => {
    const { call, time, download, payments, refund_id } = await givenBooks();
    time.advance(86_400_000);

    const { json, status } = await call('GET', billOf('2026-11-23'));
    const file = await download(json);
    const text = gunzipSync(file.body).toString('utf8');

    expect(status).toBe(200);
    expect(text).toBe(
      [
        header,
        `\`2026-11-23 00:00:00,${who},\`${payments[1]},\`ORDER-0002,\`o-1,\`NATIVE,\`SUCCESS,\`OTHERS,\`CNY,\`123.45,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`咖啡, 大, "热",\`a=1,\`0.74070,\`0.60%,\`123.45,\`0.00,\``,
        `\`2026-11-23 10:00:00,${who},\`${payments[1]},\`ORDER-0002,\`o-1,\`NATIVE,\`REFUND,\`OTHERS,\`CNY,\`0.00,\`0.00,\`${refund_id},\`R-1,\`1.05,\`0.00,\`ORIGINAL,\`SUCCESS,\`咖啡, 大, "热",\`a=1,\`-0.00630,\`0.60%,\`0.00,\`1.05,\``,
        summary,
        '`2,`123.45,`1.05,`0.00,`0.73440,`123.45,`1.05',
        '',
      ].join('\r\n'),
    );
    expect(json).toEqual({
      hash_type: 'SHA1',
      hash_value: createHash('sha1').update(text).digest('hex'),
      download_url: expect.stringMatching(/^http:\/\/wechat-pay\/v3\/billdownload\/file\?token=/),
    });
    expect(isSigned(file)).toBe(false);
    expect(file.headers['wechatpay-signature']).toBeUndefined();
  });

  it('has as many values in every row as its header', async () => {
    const { call, time, download } = await givenBooks();
    time.advance(86_400_000);

    const { json } = await call('GET', billOf('2026-11-22', ''));
    const [names, row, sums, total, ...rest] = (await download(json)).body.toString('utf8').split('\r\n');

    expect(row?.split(',`')).toHaveLength(names?.split(',').length ?? 0);
    expect(total?.split(',`')).toHaveLength(sums?.split(',').length ?? 0);
    expect(rest).toEqual(['']);
    expect(row).toContain('`88.00');
  });

  it('is of payments or of refunds alone when asked so', async () => {
    const { call, time, download } = await givenBooks();
    time.advance(86_400_000);

    const rowsOf = async (type: string) => {
      const { json } = await call('GET', billOf('2026-11-23', `&bill_type=${type}`));
      return (await download(json)).body.toString('utf8').split('\r\n').length - 4;
    };

    expect([await rowsOf('SUCCESS'), await rowsOf('REFUND'), await rowsOf('ALL')]).toEqual([1, 1, 2]);
  });

  it('is being made until ten in the morning of the next day', async () => {
    const { call, time } = await givenBooks();
    time.advance(86_399_000);
    expect(await call('GET', billOf('2026-11-23'))).toMatchObject({
      status: 400,
      json: { code: 'STATEMENT_CREATING' },
    });

    time.advance(1_000);
    expect(await call('GET', billOf('2026-11-23'))).toMatchObject({ status: 200 });
  });

  it('is there at once when it shall be', async () => {
    const { call, wechatPay } = await givenBooks();
    wechatPay.change({ bills: 'at-once' });

    expect(await call('GET', billOf('2026-11-23'))).toMatchObject({ status: 200 });
  });

  it('does not exist of a day without trade', async () => {
    const { call } = await givenBooks();

    const answer = await call('GET', billOf('2026-11-20'));

    expect(answer).toMatchObject({ status: 400, json: { code: 'NO_STATEMENT_EXIST' } });
    expect(isSigned(answer)).toBe(true);
  });

  it.each([
    ['a date that is none', billOf('2026-11-31')],
    ['a type that is none', billOf('2026-11-23', '&bill_type=SOME')],
    ['an archive that is none', billOf('2026-11-23', '&tar_type=ZIP')],
  ])('is refused with %s', async (_, url) => {
    const { call } = await givenBooks();

    expect(await call('GET', url)).toMatchObject({ status: 400, json: { code: 'PARAM_ERROR' } });
  });

  it('is downloaded with a signed request alone, and a token that was given out', async () => {
    const { call } = await givenBooks();
    const url = '/v3/billdownload/file?token=guessed';

    expect(await call('GET', url)).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST' } });
    expect(await call('GET', url, undefined, (request) => ({ ...request, headers: {} }))).toMatchObject({
      status: 401,
    });
  });

  it('may be changed on its way, so that it unpacks and is not what was promised', async () => {
    const { call, wechatPay, download } = await givenBooks();
    wechatPay.change({ bills: 'at-once' });
    wechatPay.planAnswers('/v3/billdownload/', ['changed']);

    const { json } = await call('GET', billOf('2026-11-23'));
    const { body } = await download(json);

    expect(createHash('sha1').update(gunzipSync(body)).digest('hex')).not.toBe(json.hash_value);
  });
});
