import { decryptResource } from '../../../../../lambdas/shared/wechat-pay/decrypt-resource.ts';
import { NotificationRefusedError } from '../../../../../lambdas/shared/wechat-pay/refusal.ts';
import { errorOf } from '../../builders.ts';
import { seal, secret } from './wechat-pay.ts';

const text = '{"amount":{"total":100},"trade_state_desc":"支付成功"}';
const sealed = seal(text);

/** One bit of the sealed bytes turned; negative counts from the end, where the tag is. */
function turned(at: number): string {
  const bytes = Buffer.from(sealed.ciphertext, 'base64');
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString('base64');
}

describe('an encrypted resource', () => {
  it('is decrypted with the APIv3 key', () => {
    expect(decryptResource(sealed, secret.apiV3Key).toString()).toBe(text);
  });

  it('may be empty', () => {
    expect(decryptResource(seal(''), secret.apiV3Key).toString()).toBe('');
  });

  it('without associated data is read as sealed with none', () => {
    const { associated_data: _, ...withoutAny } = seal(text, '');

    expect(decryptResource(withoutAny, secret.apiV3Key).toString()).toBe(text);
  });

  it.each([
    ['a ciphertext changed in its first byte', { ...sealed, ciphertext: turned(0) }],
    ['a ciphertext changed in its last byte', { ...sealed, ciphertext: turned(-17) }],
    ['a tag changed in its first byte', { ...sealed, ciphertext: turned(-16) }],
    ['a tag changed in its last byte', { ...sealed, ciphertext: turned(-1) }],
    [
      'a tag cut short',
      { ...sealed, ciphertext: Buffer.from(sealed.ciphertext, 'base64').subarray(0, -1).toString('base64') },
    ],
    ['fewer bytes than a tag', { ...sealed, ciphertext: Buffer.alloc(15).toString('base64') }],
    ['nothing', { ...sealed, ciphertext: '' }],
    ['another nonce', { ...sealed, nonce: 'twelve-Bytes' }],
    ['an empty nonce', { ...sealed, nonce: '' }],
    ['other associated data', { ...sealed, associated_data: 'refund' }],
    ['no associated data', { ...sealed, associated_data: undefined }],
    ['another key', seal(text, 'transaction', 'another-key-of-thirty-two-bytes!')],
  ])('is refused with %s, and what it holds is not told', (_, resource) => {
    const error = errorOf(() => decryptResource(resource, secret.apiV3Key));

    expect(error).toBeInstanceOf(NotificationRefusedError);
    expect(error).toMatchObject({ reason: 'decryption', statusCode: 401 });
    expect(String(error)).not.toContain(secret.apiV3Key);
  });
});
