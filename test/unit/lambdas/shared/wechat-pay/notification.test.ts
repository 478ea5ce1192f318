import { maxBodyBytes, verifyNotification } from '../../../../../lambdas/shared/wechat-pay/notification.ts';
import { NotificationRefusedError } from '../../../../../lambdas/shared/wechat-pay/refusal.ts';
import { errorOf, now } from '../../builders.ts';
import { notification, openid, paidResource, seal, secret, signedHeaders } from './wechat-pay.ts';

function verify(body: string | Buffer) {
  return verifyNotification(Buffer.from(body), signedHeaders(body), secret, now);
}

function refusal(body: string | Buffer): NotificationRefusedError {
  const error = errorOf(() => verify(body));
  expect(error).toBeInstanceOf(NotificationRefusedError);
  return error as NotificationRefusedError;
}

describe('a notification', () => {
  it('that is signed and sealed for us is read, whatever its kind', () => {
    const { resource } = verify(JSON.stringify(notification({ event_type: 'REFUND.SUCCESS' })));

    expect(resource).toEqual(paidResource);
  });

  it('sealed without associated data is read, whether it is left out, empty or null', () => {
    for (const associated_data of [undefined, '', null]) {
      const sealed = { ...seal(JSON.stringify(paidResource), ''), original_type: 'transaction', associated_data };
      expect(verify(JSON.stringify(notification({}, sealed))).resource).toEqual(paidResource);
    }
  });

  it('is verified before anything of it is read', () => {
    const unsigned = { ...signedHeaders('x'), 'wechatpay-signature': 'AAAA' };
    const error = errorOf(() => verifyNotification(Buffer.from('not JSON at all'), unsigned, secret, now));

    expect(error).toMatchObject({ reason: 'signature' });
  });

  it('of up to 64 KiB is read; of more it is not even hashed', () => {
    const inside = JSON.stringify(notification({ summary: '' }));
    const full = JSON.stringify(notification({ summary: 'x'.repeat(maxBodyBytes - inside.length) }));

    expect(full).toHaveLength(65_536);
    expect(verify(full).notification.event_type).toBe('TRANSACTION.SUCCESS');
    const error = errorOf(() => verifyNotification(Buffer.from(`${full} `), {}, secret, now));
    expect(error).toMatchObject({ reason: 'body-too-large', statusCode: 413 });
  });

  it.each([
    ['XML', '<xml><return_code>SUCCESS</return_code></xml>'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['empty', ''],
    ['null', 'null'],
    ['nested 30,000 deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['without an event type', JSON.stringify(notification({ event_type: undefined }))],
    ['without a resource', JSON.stringify(notification({ resource: undefined }))],
    ['of another algorithm', JSON.stringify(notification({}, { algorithm: 'AES_256_CBC' }))],
    ['with a ciphertext that is no base64', JSON.stringify(notification({}, { ciphertext: '***' }))],
    ['with a ciphertext that is no text', JSON.stringify(notification({}, { ciphertext: 1 }))],
    ['sealed around something that is not JSON', JSON.stringify(notification({}, seal('paid!')))],
  ])('that is signed and still %s is malformed', (_, body) => {
    expect(refusal(body)).toMatchObject({ reason: 'malformed', statusCode: 400 });
  });

  it('sealed around something that is not UTF-8 is malformed', () => {
    const resource = Buffer.from([0x22, 0xff, 0x22]);

    expect(refusal(JSON.stringify(notification({}, seal(resource))))).toMatchObject({ reason: 'malformed' });
  });

  it('that is sealed with another key cannot be decrypted', () => {
    const sealed = seal(JSON.stringify(paidResource), 'transaction', 'another-key-of-thirty-two-bytes!');

    expect(refusal(JSON.stringify(notification({}, sealed)))).toMatchObject({ reason: 'decryption', statusCode: 401 });
  });

  it('is refused without a word of what it holds', () => {
    const wrong = [
      `{"openid": "${openid}"`,
      JSON.stringify(notification({ id: { openid } })),
      JSON.stringify(notification({}, seal(`{"openid": "${openid}"`))),
      JSON.stringify(notification({}, { algorithm: openid })),
    ];
    for (const body of wrong) expect(refusal(body).message).not.toContain(openid);
  });
});
