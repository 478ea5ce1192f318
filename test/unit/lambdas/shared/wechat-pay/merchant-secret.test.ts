import { generateKeyPairSync } from 'node:crypto';
import { isUnavailable } from '../../../../../lambdas/shared/consumer/unavailable.ts';
import { parseMerchantKey } from '../../../../../lambdas/shared/wechat-pay/api/merchant-key.ts';
import {
  InvalidMerchantSecretError,
  parseMerchantSecret,
  parseMerchantSecretToAsk,
} from '../../../../../lambdas/shared/wechat-pay/merchant-secret.ts';
import { errorOf } from '../../builders.ts';
import { publicKeyPem, secret, serial } from './wechat-pay.ts';

const withChanges = (changes: object) => JSON.stringify({ ...secret, ...changes });

describe('the merchant’s secret', () => {
  it('is who we are and what proves who they are', () => {
    expect(parseMerchantSecret(JSON.stringify(secret))).toEqual(secret);
  });

  it.each([
    ['mchid', withChanges({ mchid: '' })],
    ['appids', withChanges({ appids: [] })],
    ['apiV3Key', withChanges({ apiV3Key: 'hunter2-is-too-short' })],
    ['publicKeys', withChanges({ publicKeys: { [serial]: 'hunter2' } })],
    ['publicKeys', withChanges({ publicKeys: publicKeyPem })],
    ['not JSON', 'hunter2'],
    ['not JSON', `{"apiV3Key": "hunter2"`],
    ['not JSON', undefined],
    ['random text', 'hunter2;^Jr4!'],
    ['secret', '"hunter2"'],
  ])('that is wrong is refused by the field that is, never by its value: %s', (field, text) => {
    for (const parse of [parseMerchantSecret, parseMerchantSecretToAsk]) {
      const error = errorOf(() => parse(text));

      expect(error).toBeInstanceOf(InvalidMerchantSecretError);
      expect(error).toMatchObject({ message: expect.stringMatching(`MerchantSecretId.*${field}`) });
      expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toMatch(/hunter2|BEGIN|-api-v3-key-/);
    }
  });

  it('holds a key of 32 bytes, not of 32 characters', () => {
    const error = errorOf(() => parseMerchantSecret(withChanges({ apiV3Key: 'é'.repeat(32) })));

    expect(error).toBeInstanceOf(InvalidMerchantSecretError);
  });

  it('may be stored as bytes', () => {
    expect(parseMerchantSecret(new TextEncoder().encode(JSON.stringify(secret)))).toEqual(secret);
  });
});

describe('a private key among the public ones', () => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const left = withChanges({ publicKeys: { [serial]: publicKeyPem, mine: privateKey } });

  it('lets nothing be asked before it is taken out, and keeps no notification out', () => {
    const error = errorOf(() => parseMerchantSecretToAsk(left));

    expect(error).toMatchObject({ message: expect.stringContaining('publicKeys.mine: is a private key') });
    expect(parseMerchantSecret(left).mchid).toBe(secret.mchid);
  });
});

describe('a signing key that was left in the merchant’s secret', () => {
  const left = withChanges({ merchantKey: { serial: 'hunter2', privateKey: 'hunter2' } });

  it('keeps no notification out, and goes no further', () => {
    expect(parseMerchantSecret(left)).toEqual(secret);
  });

  it('lets nothing be asked before it is moved, and says where to', () => {
    const error = errorOf(() => parseMerchantSecretToAsk(left));

    expect(error).toBeInstanceOf(InvalidMerchantSecretError);
    expect(error).toMatchObject({
      message: expect.stringContaining('merchantKey: move it to the secret MerchantKeySecretId'),
    });
    expect(String(error)).not.toContain('hunter2');
  });

  it('is nobody’s message’s fault, as every other secret that is wrong', () => {
    expect(isUnavailable(errorOf(() => parseMerchantSecretToAsk(left)))).toBe(true);
    expect(isUnavailable(errorOf(() => parseMerchantKey('{}')))).toBe(true);
  });
});
