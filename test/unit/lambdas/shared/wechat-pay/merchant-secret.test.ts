import {
  InvalidMerchantSecretError,
  parseMerchantSecret,
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
    ['secret', '"hunter2"'],
  ])('that is wrong is refused by the field that is, never by its value: %s', (field, text) => {
    const error = errorOf(() => parseMerchantSecret(text));

    expect(error).toBeInstanceOf(InvalidMerchantSecretError);
    expect(error).toMatchObject({ message: expect.stringContaining(field) });
    expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toMatch(/hunter2|BEGIN|-api-v3-key-/);
  });

  it('holds a key of 32 bytes, not of 32 characters', () => {
    const error = errorOf(() => parseMerchantSecret(withChanges({ apiV3Key: 'é'.repeat(32) })));

    expect(error).toBeInstanceOf(InvalidMerchantSecretError);
  });

  it('may be stored as bytes', () => {
    expect(parseMerchantSecret(new TextEncoder().encode(JSON.stringify(secret)))).toEqual(secret);
  });
});
