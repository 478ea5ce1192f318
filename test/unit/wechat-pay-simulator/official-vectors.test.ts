import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decrypt } from '../../../local/wechat-pay-simulator/seal.ts';
import { isSignatureOf, signedText } from '../../../local/wechat-pay-simulator/sign.ts';

// Official vectors lie beside the project, not in it: they are not ours to copy.
const folder = path.join(import.meta.dirname, '../../../../shared/corpus/wechat-pay');
const present = existsSync(folder);
const describeWithVectors = present ? describe : describe.skip;
const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));

it('finds the official vectors where they are required', () => {
  expect(present || process.env['REQUIRE_CORPUS'] !== 'true').toBe(true);
});

describeWithVectors('the simulator and WeChat Pay’s own vectors (skipped without ../shared/corpus/wechat-pay)', () => {
  it('agree on what is signed', () => {
    const { headers, body, publicKeyPem } = read('official-wxpay-pubkey-response.json');
    const isSigned = (text: string) =>
      isSignatureOf(
        signedText([headers['Wechatpay-Timestamp'], headers['Wechatpay-Nonce']], Buffer.from(text)),
        headers['Wechatpay-Signature'],
        publicKeyPem,
      );

    expect(isSigned(body)).toBe(true);
    expect([`${body} `, body.slice(0, -1)].map(isSigned)).toEqual([false, false]);
  });

  it('agree on what is encrypted', () => {
    const { positives, negatives } = read('java-aes-256-gcm.json');
    const decrypted = ({ apiV3Key, nonce, associatedData, ciphertext }: Record<string, string>) =>
      decrypt(
        { nonce: nonce ?? '', ciphertext: ciphertext ?? '', associated_data: associatedData ?? '' },
        apiV3Key ?? '',
      );

    for (const positive of positives) expect(decrypted(positive)).toBe(positive.plaintext);
    expect(negatives.length).toBeGreaterThan(0);
    for (const negative of negatives) expect(() => decrypted({ ...positives[0], ...negative })).toThrow();
  });
});
