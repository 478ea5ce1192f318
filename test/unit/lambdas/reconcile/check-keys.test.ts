import { randomUUID } from 'node:crypto';
import { createCheckKeys, WrongKeysError } from '../../../../lambdas/reconcile/check-keys.ts';
import { createHttpFetch } from '../../../../lambdas/shared/http/http-fetch.ts';
import { createApiCall } from '../../../../lambdas/shared/wechat-pay/api/call.ts';
import { ApiUnavailableError, UntrustedAnswerError } from '../../../../lambdas/shared/wechat-pay/api/errors.ts';
import type { MerchantKey } from '../../../../lambdas/shared/wechat-pay/api/merchant-key.ts';
import { createWechatPayApi } from '../../../../lambdas/shared/wechat-pay/api/wechat-pay-api.ts';
import { type MerchantSecret, parseMerchantSecret } from '../../../../lambdas/shared/wechat-pay/merchant-secret.ts';
import { startWechatPayServer, type WechatPayServer } from '../../../../local/wechat-pay-simulator/api/server.ts';
import type { Trouble } from '../../../../local/wechat-pay-simulator/api/trouble.ts';
import { createMerchantKeys } from '../../../../local/wechat-pay-simulator/merchant-keys.ts';
import { rejectionOf } from '../builders.ts';

const keys = createMerchantKeys();
const secret = parseMerchantSecret(JSON.stringify(keys.secret));
const others = createMerchantKeys();
const otherPublicKey = others.secret.publicKeys[others.serial] ?? '';
/** As a shell leaves it that took the backslashes away. */
const garbled = (pem = '') => pem.replaceAll('\n', 'n');

interface Changes extends Partial<MerchantSecret> {
  readonly merchantKey?: Partial<MerchantKey>;
}

let server: WechatPayServer;

beforeEach(async () => {
  server = await startWechatPayServer({ keys, settings: { settleAfterSeconds: null } });
});
afterEach(() => server.close());

function check({ merchantKey: keyChanges, ...changes }: Changes = {}) {
  const merchantSecret = async () => ({ ...secret, ...changes });
  const merchantKey = async () => ({ ...keys.merchantKey, ...keyChanges });
  const call = createApiCall({
    baseUrl: server.url,
    merchantSecret,
    merchantKey,
    fetch: createHttpFetch({ timeoutMs: 5_000, mostAnswerBytes: 65_536 }),
    now: () => new Date(),
    newNonce: () => randomUUID().replaceAll('-', ''),
    random: () => 0,
    sleep: async () => {},
  });
  const api = createWechatPayApi(call, async () => (await merchantSecret()).mchid);
  return createCheckKeys({ api, merchantSecret, merchantKey })(new AbortController().signal);
}

const requests = () => server.wechatPay.books().requests;

describe('the keys', () => {
  it('are right when WeChat Pay takes our signature and its own can be verified, by one question about nothing', async () => {
    expect(await check()).toEqual({ keys: 'right', mchid: secret.mchid, unproved: ['apiV3Key'] });

    expect(requests().map(({ method }) => method)).toEqual(['GET']);
    expect(server.wechatPay.books()).toMatchObject({ orders: [], refunds: [] });
  });

  it.each<[string, Changes]>([
    ['its private key is another', { merchantKey: { privateKey: others.privateKey } }],
    ['its serial is another', { merchantKey: { serial: 'ANOTHER' } }],
    ['it is another merchant’s', { merchantKey: others.merchantKey }],
    ['the mchid is another', { mchid: '1900009999' }],
  ])('are wrong, and the merchant’s own is it, when %s', async (_, changes) => {
    const error = await rejectionOf(check(changes));

    expect(error).toBeInstanceOf(WrongKeysError);
    expect(String(error)).toMatch(/serial or privateKey .* in .* MerchantKeySecretId is wrong: .*401 SIGN_ERROR/);
    expect(requests()).toHaveLength(1);
  });

  it.each<[string, Changes]>([
    ['its key is another', { publicKeys: { [keys.serial]: otherPublicKey } }],
    ['its id is another', { publicKeys: { [others.serial]: otherPublicKey } }],
    ['there is none', { publicKeys: {} }],
  ])('are wrong, and publicKeys is it, when WeChat Pay’s is not there: %s', async (_, publicKeys) => {
    const error = await rejectionOf(check(publicKeys));

    expect(error).toBeInstanceOf(WrongKeysError);
    expect(String(error)).toMatch(/publicKeys in .* MerchantSecretId is wrong: /);
  });

  it.each<[string, Changes]>([
    ['privateKey', { merchantKey: { privateKey: garbled(keys.merchantKey.privateKey) } }],
    [
      // Not the one that this answer is signed by: the next answer may be.
      'publicKeys.PUB_KEY_ID_2',
      { publicKeys: { ...secret.publicKeys, PUB_KEY_ID_2: garbled(otherPublicKey) } },
    ],
  ])('are wrong when %s cannot be read, and nothing is asked', async (field, changes) => {
    const error = await rejectionOf(check(changes));

    expect(error).toBeInstanceOf(WrongKeysError);
    expect(String(error)).toContain(field);
    expect(requests()).toEqual([]);
  });

  it.each<[Trouble, new (...args: never[]) => Error]>([
    ['unavailable', ApiUnavailableError],
    ['unsigned', UntrustedAnswerError],
    ['stale', UntrustedAnswerError],
  ])('are not called wrong for what is not about them: %s', async (trouble, expected) => {
    server.wechatPay.planAnswers('/v3/pay/', [trouble, trouble, trouble]);

    expect(await rejectionOf(check())).toBeInstanceOf(expected);
  });
});
