import { NoAnswerError } from '../../../../../../lambdas/shared/http/no-answer-error.ts';
import {
  ApiRefusedError,
  ApiUnavailableError,
  UntrustedAnswerError,
} from '../../../../../../lambdas/shared/wechat-pay/api/errors.ts';
import {
  InvalidMerchantKeyError,
  parseMerchantKey,
} from '../../../../../../lambdas/shared/wechat-pay/api/merchant-key.ts';
import { now, rejectionOf } from '../../../builders.ts';
import { secret, serial, signedHeaders } from '../wechat-pay.ts';
import { ApiPeer, merchantKey, type Said } from './api-peer.ts';

const get = { what: 'try', method: 'GET', target: '/v3/some/thing?mchid=1900000001' } as const;
const ok: Said = { status: 200, body: { ok: true } };
const bytes = Buffer.from(JSON.stringify(ok.body));

describe('what we ask of WeChat Pay', () => {
  it('is signed with the merchant’s key, over the path, the query and the body as they are sent', async () => {
    const peer = new ApiPeer(ok);
    const call = peer.call();

    expect(JSON.parse(String(await call(get)))).toEqual({ ok: true });
    expect(JSON.parse(String(await call({ ...get, method: 'POST', body: { name: '名' } })))).toEqual({ ok: true });
    const [first, second] = peer.asked.map(({ headers }) => headers['authorization']);
    expect(first).not.toBe(second);
  });

  it('asks to be answered by the public key, where we have one', async () => {
    const peer = new ApiPeer(ok);
    const certificates = { '5DEA10EF': secret.publicKeys[serial] ?? '' };
    await peer.call()(get);
    await rejectionOf(peer.call({ ...secret, publicKeys: certificates })(get));

    expect(peer.asked.map(({ headers }) => headers['wechatpay-serial'])).toEqual([serial, undefined]);
  });

  it('is signed with the key that is in force when it is asked', async () => {
    const keys = [{ ...merchantKey, serial: 'REVOKED' }];
    const call = new ApiPeer(ok).call(secret, async () => keys.shift() ?? merchantKey);

    expect(await rejectionOf(call(get))).toBeInstanceOf(ApiUnavailableError);
    expect(await call(get)).toEqual(bytes);
  });

  it('is not asked at all without a key of ours', async () => {
    const peer = new ApiPeer(ok);

    const without = async () => parseMerchantKey('{}');

    expect(await rejectionOf(peer.call(secret, without)(get))).toBeInstanceOf(InvalidMerchantKeyError);
    expect(peer.asked).toEqual([]);
  });
});

describe('an answer', () => {
  it.each<[string, Said]>([
    ['is not signed', { ...ok, headers: {} }],
    ['is signed over another body', { ...ok, headers: signedHeaders('{}') }],
    ['is signed by a key we do not know', { ...ok, headers: { ...signedHeaders(bytes), 'wechatpay-serial': 'X' } }],
    ['is ten minutes old', { ...ok, headers: signedHeaders(bytes, { at: new Date(now.getTime() - 600_000) }) }],
    ['is a no that is not signed', { status: 404, body: { code: 'ORDER_NOT_EXIST' }, headers: {} }],
    ['is a redirect', { status: 302, headers: { location: 'https://elsewhere.example' } }],
  ])('is not believed when it %s', async (_, said) => {
    const peer = new ApiPeer(said);

    expect(await rejectionOf(peer.call()(get))).toBeInstanceOf(UntrustedAnswerError);
    expect(peer.asked).toHaveLength(1);
  });

  it('that says no, and is signed, is said with WeChat Pay’s own code', async () => {
    const error = await rejectionOf(new ApiPeer({ status: 403, body: { code: 'NOT_ENOUGH' } }).call()(get));

    expect(error).toBeInstanceOf(ApiRefusedError);
    expect(error).toMatchObject({
      status: 403,
      code: 'NOT_ENOUGH',
      message: 'WeChat Pay refused to try: 403 NOT_ENOUGH',
    });
  });

  it('that our own key is wrong is nobody’s message’s fault, and not asked for again at once', async () => {
    const peer = new ApiPeer({ status: 401, body: { code: 'SIGN_ERROR' }, headers: {} });

    expect(await rejectionOf(peer.call()(get))).toBeInstanceOf(ApiUnavailableError);
    expect(peer.asked).toHaveLength(1);
  });

  it.each<[string, Said | Error]>([
    ['429', { status: 429, body: { code: 'FREQUENCY_LIMITED' }, headers: {} }],
    ['500', { status: 500, body: { code: 'SYSTEM_ERROR' }, headers: {} }],
    ['503 of something in between', { status: 503, body: 'no JSON object', headers: {} }],
    ['nothing', new NoAnswerError('api.mch.weixin.qq.com', new Error('refused'))],
  ])('that may pass (%s) is asked for again, a little later each time', async (_, said) => {
    const once = new ApiPeer(said, ok);
    const always = new ApiPeer(said);

    expect(JSON.parse(String(await once.call()(get)))).toEqual({ ok: true });
    await rejectionOf(always.call()(get));
    expect([once.pauses, always.pauses, always.asked.length]).toEqual([[400], [400, 800], 3]);
  });

  it('is not waited for beyond the deadline', async () => {
    const peer = new ApiPeer({ status: 500, headers: {} });

    await rejectionOf(peer.call()({ ...get, deadline: AbortSignal.abort() }));
    expect(peer.asked).toHaveLength(1);
  });

  it('of bytes that have their hash elsewhere need not be signed; its no must be', async () => {
    expect(await new ApiPeer({ ...ok, headers: {} }).call()({ ...get, isSigned: false })).toEqual(bytes);
    const refused = new ApiPeer({ status: 404, body: {}, headers: {} }).call()({ ...get, isSigned: false });
    expect(await rejectionOf(refused)).toBeInstanceOf(UntrustedAnswerError);
  });
});
