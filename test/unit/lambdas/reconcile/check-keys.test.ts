import { randomUUID } from 'node:crypto';
import { createCheckKeys, WrongKeysError } from '../../../../lambdas/reconcile/check-keys.ts';
import { createHttpFetch } from '../../../../lambdas/shared/http/http-fetch.ts';
import { createApiCall } from '../../../../lambdas/shared/wechat-pay/api/call.ts';
import { ApiUnavailableError, UntrustedAnswerError } from '../../../../lambdas/shared/wechat-pay/api/errors.ts';
import { createWechatPayApi } from '../../../../lambdas/shared/wechat-pay/api/wechat-pay-api.ts';
import {
  InvalidMerchantSecretError,
  type MerchantSecret,
  parseMerchantSecret,
} from '../../../../lambdas/shared/wechat-pay/merchant-secret.ts';
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

let server: WechatPayServer;

beforeEach(async () => {
  server = await startWechatPayServer({ keys, settings: { settleAfterSeconds: null } });
});
afterEach(() => server.close());

function check(changes: Partial<MerchantSecret> = {}) {
  const merchantSecret = async () => ({ ...secret, ...changes });
  const call = createApiCall({
    baseUrl: server.url,
    merchantSecret,
    fetch: createHttpFetch({ timeoutMs: 5_000, mostAnswerBytes: 65_536 }),
    now: () => new Date(),
    newNonce: () => randomUUID().replaceAll('-', ''),
    random: () => 0,
    sleep: async () => {},
  });
  const api = createWechatPayApi(call, async () => (await merchantSecret()).mchid);
  return createCheckKeys({ api, merchantSecret })(new AbortController().signal);
}

const requests = () => server.wechatPay.books().requests;

describe('the keys', () => {
  it('are right when WeChat Pay takes our signature and its own can be verified, by one question about nothing', async () => {
    expect(await check()).toEqual({ keys: 'right', mchid: secret.mchid, unproved: ['apiV3Key'] });

    expect(requests().map(({ method }) => method)).toEqual(['GET']);
    expect(server.wechatPay.books()).toMatchObject({ orders: [], refunds: [] });
  });

  it.each<[string, Partial<MerchantSecret>]>([
    ['its private key is another', { merchantKey: { ...keys.secret.merchantKey, privateKey: others.privateKey } }],
    ['its serial is another', { merchantKey: { ...keys.secret.merchantKey, serial: 'ANOTHER' } }],
    ['it is another merchant’s', { merchantKey: others.secret.merchantKey }],
    ['the mchid is another', { mchid: '1900009999' }],
  ])('are wrong, and merchantKey is it, when %s', async (_, changes) => {
    const error = await rejectionOf(check(changes));

    expect(error).toBeInstanceOf(WrongKeysError);
    expect(String(error)).toMatch(/merchantKey of .* is wrong: .*401 SIGN_ERROR/);
    expect(requests()).toHaveLength(1);
  });

  it.each<[string, Partial<MerchantSecret>]>([
    ['its key is another', { publicKeys: { [keys.serial]: otherPublicKey } }],
    ['its id is another', { publicKeys: { [others.serial]: otherPublicKey } }],
    ['there is none', { publicKeys: {} }],
  ])('are wrong, and publicKeys is it, when WeChat Pay’s is not there: %s', async (_, publicKeys) => {
    const error = await rejectionOf(check(publicKeys));

    expect(error).toBeInstanceOf(WrongKeysError);
    expect(String(error)).toMatch(/publicKeys of .* is wrong: /);
  });

  it.each<[string, Partial<MerchantSecret>]>([
    [
      'merchantKey.privateKey',
      { merchantKey: { serial: '1', privateKey: garbled(keys.secret.merchantKey.privateKey) } },
    ],
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

  it('are not there', async () => {
    expect(await rejectionOf(check({ merchantKey: undefined }))).toBeInstanceOf(InvalidMerchantSecretError);
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
