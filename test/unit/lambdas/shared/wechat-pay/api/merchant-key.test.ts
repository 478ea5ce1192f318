import {
  InvalidMerchantKeyError,
  parseMerchantKey,
} from '../../../../../../lambdas/shared/wechat-pay/api/merchant-key.ts';
import { errorOf } from '../../../builders.ts';
import { publicKeyPem, secret } from '../wechat-pay.ts';
import { merchantKey } from './api-peer.ts';

const withChanges = (changes: object) => JSON.stringify({ ...merchantKey, ...changes });

describe('the secret of the merchant’s signing key', () => {
  it('is the serial and the private key of its API certificate', () => {
    const pkcs1 = { ...merchantKey, privateKey: merchantKey.privateKey.replaceAll('PRIVATE', 'RSA PRIVATE') };

    expect(parseMerchantKey(JSON.stringify(merchantKey))).toEqual(merchantKey);
    expect(parseMerchantKey(JSON.stringify(pkcs1))).toEqual(pkcs1);
  });

  it.each([
    ['serial: ', withChanges({ serial: undefined })],
    ['serial: ', withChanges({ serial: '' })],
    ['privateKey: ', withChanges({ privateKey: undefined })],
    ['privateKey: is not a private key in PEM', withChanges({ privateKey: 'hunter2' })],
    ['privateKey: is not a private key in PEM', withChanges({ privateKey: publicKeyPem })],
    ['serial: .*, privateKey: ', JSON.stringify({ merchantKey })],
    ['serial: .*, privateKey: ', JSON.stringify(secret)],
    ['it is not JSON .*random text', 'hunter2;^Jr4!'],
    ['it is not JSON', undefined],
    ['secret: ', '"hunter2"'],
  ])('that is wrong is refused by the field that is, never by its value: %s', (problem, text) => {
    const error = errorOf(() => parseMerchantKey(text));

    expect(error).toBeInstanceOf(InvalidMerchantKeyError);
    expect(error).toMatchObject({ message: expect.stringMatching(`MerchantKeySecretId .*: (.*, )?${problem}`) });
    expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toMatch(/hunter2|BEGIN/);
  });
});
