import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decryptResource } from '../../lambdas/shared/wechat-pay/decrypt-resource.ts';
import { NotificationRefusedError } from '../../lambdas/shared/wechat-pay/refusal.ts';
import { verifySignature } from '../../lambdas/shared/wechat-pay/signature.ts';

// Official vectors lie beside the project, not in it: they are not ours to copy.
const folder = path.join(import.meta.dirname, '../../../shared/corpus/wechat-pay');
const present = existsSync(folder);
const describeWithVectors = present ? describe : describe.skip;
const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));

it('finds the official vectors where they are required', () => {
  expect(present || process.env['REQUIRE_CORPUS'] !== 'true').toBe(true);
});

describeWithVectors('WeChat Pay’s own signature (skipped without ../shared/corpus/wechat-pay)', () => {
  function verifyVector(change: (body: string) => string = (body) => body): void {
    const { headers, body, publicKeyPem, nowEpochSeconds } = read('official-wxpay-pubkey-response.json');
    const lowerCase = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    verifySignature(Buffer.from(change(body)), lowerCase, {
      publicKeys: { [headers['Wechatpay-Serial']]: publicKeyPem },
      now: new Date(nowEpochSeconds * 1000),
      windowSeconds: 300,
    });
  }

  it('verifies over the raw body', () => {
    expect(() => verifyVector()).not.toThrow();
  });

  it.each([
    ['one character more', (body: string) => `${body} `],
    ['one character less', (body: string) => body.slice(0, -1)],
  ])('does not verify over %s', (_, change) => {
    expect(() => verifyVector(change)).toThrow(NotificationRefusedError);
  });
});

describeWithVectors('the official AES-256-GCM vectors (skipped without ../shared/corpus/wechat-pay)', () => {
  it('decrypt', () => {
    for (const { apiV3Key, nonce, associatedData, ciphertext, plaintext } of read('java-aes-256-gcm.json').positives) {
      expect(decryptResource({ nonce, ciphertext, associated_data: associatedData }, apiV3Key).toString()).toBe(
        plaintext,
      );
    }
  });

  it('are refused when associated data, nonce or ciphertext is another', () => {
    const { positives, negatives } = read('java-aes-256-gcm.json');
    expect(negatives.length).toBeGreaterThan(0);
    for (const negative of negatives) {
      const { apiV3Key, nonce, associatedData, ciphertext } = { ...positives[0], ...negative };
      const decrypt = () => decryptResource({ nonce, ciphertext, associated_data: associatedData }, apiV3Key);
      expect(decrypt).toThrow(NotificationRefusedError);
    }
  });
});
