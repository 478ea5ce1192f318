import type { ApiRequest } from '../../../local/wechat-pay-simulator/api/request.ts';
import type { Trouble } from '../../../local/wechat-pay-simulator/api/trouble.ts';
import { createMerchantKeys } from '../../../local/wechat-pay-simulator/merchant-keys.ts';
import { givenWechatPay, isSigned, keys, mchid, orderOf, signedRequest, urls } from './merchant.ts';

const number = 'ORDER-0001';
const now = new Date('2026-11-23T02:00:00Z');

const withAuthorization = (change: (authorization: string) => string) => (request: ApiRequest) => ({
  ...request,
  headers: { authorization: change(request.headers.authorization ?? '') },
});
const signedAt = (ms: number) => (request: ApiRequest) => ({
  ...signedRequest(request.method, request.url, undefined, new Date(now.getTime() + ms)),
  body: request.body,
});

describe('a request to WeChat Pay', () => {
  it.each<readonly [string, (request: ApiRequest) => ApiRequest]>([
    ['has no Authorization', (request) => ({ ...request, headers: {} })],
    ['is of another type', withAuthorization((text) => text.replace('WECHATPAY2-SHA256-RSA2048', 'Bearer'))],
    ['lacks its nonce', withAuthorization((text) => text.replace(/nonce_str="[^"]*",/, ''))],
    ['names another nonce', withAuthorization((text) => text.replace(/nonce_str="./, 'nonce_str="X'))],
    ['has a nonce of 33 characters', withAuthorization((text) => text.replace(/nonce_str="/, 'nonce_str="X'))],
    ['names another merchant', withAuthorization((text) => text.replace(mchid, '1900009999'))],
    ['names a serial nobody knows', withAuthorization((text) => text.replace(/serial_no="[^"]*"/, 'serial_no="AB"'))],
    ['has a timestamp that is no number', withAuthorization((text) => text.replace(/timestamp="/, 'timestamp="x'))],
    ['was signed 301 s ago', signedAt(-301_000)],
    ['is signed 301 s ahead', signedAt(301_000)],
    ['has another query', (request) => ({ ...request, url: `${request.url}&a=1` })],
    ['has another method', (request) => ({ ...request, method: 'POST' })],
    ['has another body', (request) => ({ ...request, body: Buffer.from('{}') })],
  ])('is refused with SIGN_ERROR, unsigned, when it %s', async (_, change) => {
    const { call } = givenWechatPay();

    const answer = await call('GET', urls.order(number), undefined, change);

    expect(answer).toMatchObject({ status: 401, json: { code: 'SIGN_ERROR', message: expect.any(String) } });
    expect(answer.headers).toEqual({ 'content-type': 'application/json' });
  });

  it('is taken up to 300 s off', async () => {
    const { call } = givenWechatPay();

    for (const ms of [-300_000, 300_000]) {
      expect(await call('GET', urls.order(number), undefined, signedAt(ms))).toMatchObject({ status: 404 });
    }
  });
});

describe('an answer of WeChat Pay', () => {
  it('is signed over its raw bytes: a result, an empty one, a refusal', async () => {
    const { call } = givenWechatPay();

    const answers = [
      await call('POST', urls.native, orderOf(number)),
      await call('POST', urls.close(number), { mchid }),
      await call('GET', urls.order('ORDER-9999')),
      await call('GET', '/v3/certificates'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 204, 404, 404]);
    expect(answers.map(isSigned)).toEqual([true, true, true, true]);
    expect(answers.every(({ headers }) => headers['wechatpay-timestamp'] === '1795399200')).toBe(true);
  });

  it('is signed with the key the request names', async () => {
    const { call } = givenWechatPay();
    const { serial } = keys.platformCertificate;
    const naming = (request: ApiRequest) => ({
      ...request,
      headers: { ...request.headers, 'wechatpay-serial': serial },
    });

    const answer = await call('GET', urls.order(number), undefined, naming);

    expect(answer.headers['wechatpay-serial']).toBe(serial);
    expect(isSigned(answer)).toBe(true);
    expect((await call('GET', urls.order(number))).headers['wechatpay-serial']).toBe(keys.serial);
  });

  it.each<Trouble>(['unsigned', 'wronglySigned', 'unknownKey', 'changed'])(
    'may be an impostor’s: %s',
    async (trouble) => {
      const { call, wechatPay } = givenWechatPay();
      wechatPay.planAnswers('', [trouble]);

      const answer = await call('POST', urls.native, orderOf(number));

      expect(answer.status).toBe(200);
      expect(isSigned(answer)).toBe(false);
      expect(isSigned(await call('POST', urls.native, orderOf(number)))).toBe(true);
    },
  );

  it('may be ten minutes old', async () => {
    const { call, wechatPay } = givenWechatPay();
    wechatPay.planAnswers('', ['stale']);

    const answer = await call('GET', urls.order(number));

    expect(answer.headers['wechatpay-timestamp']).toBe('1795398600');
    expect(isSigned(answer)).toBe(true);
  });

  it.each<readonly [Trouble, number, string]>([
    ['rateLimited', 429, 'FREQUENCY_LIMITED'],
    ['systemError', 500, 'SYSTEM_ERROR'],
    ['notEnough', 403, 'NOT_ENOUGH'],
  ])('may be a refusal that is none of the request’s fault: %s', async (trouble, status, code) => {
    const { call, wechatPay } = givenWechatPay();
    wechatPay.planAnswers(number, [trouble]);

    const answer = await call('POST', urls.native, orderOf(number));

    expect(answer).toMatchObject({ status, json: { code } });
    expect(isSigned(answer)).toBe(true);
    expect(wechatPay.books().orders).toEqual([]);
  });

  it('may be slow, and the work is done before it', async () => {
    const { call, wechatPay, time } = givenWechatPay();
    wechatPay.planAnswers(number, ['slow']);

    const answer = call('POST', urls.native, orderOf(number));
    expect(wechatPay.books().orders).toHaveLength(1);
    await time.until(() => time.slept.includes(2_000));
    await Promise.all([time.until(() => time.now() > now), answer]);

    expect(await answer).toMatchObject({ status: 200 });
  });

  it('is none in an outage, until it is over', async () => {
    const { call, wechatPay, time } = givenWechatPay();
    wechatPay.beginOutage(30_000, 'dropped');

    await expect(call('GET', urls.order(number))).rejects.toThrow('closed');
    time.advance(29_000);
    await expect(call('GET', urls.order(number))).rejects.toThrow('closed');
    time.advance(1_000);

    expect(await call('GET', urls.order(number))).toMatchObject({ status: 404 });
    wechatPay.beginOutage(30_000, 'unavailable');
    const unavailable = await call('GET', urls.order(number));
    expect(unavailable.status).toBe(503);
    expect(isSigned(unavailable)).toBe(false);
  });

  it('is noted with its request, and what was wrong with it', async () => {
    const { call, wechatPay } = givenWechatPay();
    wechatPay.planAnswers(number, ['none', 'systemError']);
    await call('POST', urls.native, orderOf(number));
    await call('GET', urls.order(number));

    expect(wechatPay.books().requests).toEqual([
      {
        at: now.toISOString(),
        method: 'POST',
        url: urls.native,
        body: JSON.stringify(orderOf(number)),
        trouble: 'none',
        status: 200,
      },
      {
        at: now.toISOString(),
        method: 'GET',
        url: urls.order(number),
        body: '',
        trouble: 'systemError',
        status: 500,
        code: 'SYSTEM_ERROR',
      },
    ]);
  });
});

describe('the keys of a merchant', () => {
  it('are three pairs, named as WeChat Pay names them', () => {
    const { secret, merchantKey, serial, platformCertificate } = createMerchantKeys();

    expect(Object.keys(secret.publicKeys)).toEqual([serial, platformCertificate.serial]);
    expect(serial).toMatch(/^PUB_KEY_ID_[0-9a-f]{34}$/);
    expect(platformCertificate.serial).toMatch(/^[0-9A-F]{40}$/);
    expect(merchantKey.serial).toMatch(/^[0-9A-F]{40}$/);
    expect(merchantKey.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(secret.apiV3Key).toHaveLength(32);
  });
});
