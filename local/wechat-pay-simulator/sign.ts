import { randomBytes, sign, verify } from 'node:crypto';
import type { SigningKey } from './merchant-keys.ts';

export interface SignedNotification {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As WeChat Pay signs: a retry is signed anew, with a fresh timestamp. */
export function signNotification(body: string, key: SigningKey, now: Date): SignedNotification {
  return { body, headers: { 'content-type': 'application/json', ...signatureHeaders(Buffer.from(body), key, now) } };
}

/** What proves who sent a body, be it a notification or an answer. */
export function signatureHeaders(body: Buffer, { serial, privateKey }: SigningKey, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const nonce = randomBytes(16).toString('hex');
  return {
    'wechatpay-serial': serial,
    'wechatpay-signature': signatureOf(signedText([timestamp, nonce], body), privateKey),
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  };
}

/** Every part and the body end with a line feed, an empty body too. */
export function signedText(parts: readonly string[], body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(parts.map((part) => `${part}\n`).join('')), body, Buffer.from('\n')]);
}

export function signatureOf(text: Buffer, privateKey: string): string {
  return sign('RSA-SHA256', text, privateKey).toString('base64');
}

export function isSignatureOf(text: Buffer, signature: string, publicKey: string): boolean {
  return verify('RSA-SHA256', text, publicKey, Buffer.from(signature, 'base64'));
}

/** A signature probe (签名探测): deliberately wrong, and it says so. */
export function asProbe({ body, headers }: SignedNotification): SignedNotification {
  const signature = `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']}`;
  return { body, headers: { ...headers, 'wechatpay-signature': signature } };
}

/** What somebody without the key can do: the headers of a real notification over another body. */
export function asForgery({ body, headers }: SignedNotification): SignedNotification {
  return { body: body.replace(/("summary":"[^"]*)"/, '$1 "'), headers };
}
