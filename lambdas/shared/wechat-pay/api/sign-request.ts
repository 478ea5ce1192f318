import { createSign } from 'node:crypto';
import type { MerchantSecret } from '../merchant-secret.ts';
import type { MerchantKey } from './merchant-key.ts';

export interface RequestToSign {
  readonly method: 'GET' | 'POST';
  /** Path and query, exactly as they are sent. */
  readonly target: string;
  /** Exactly as it is sent; "" for a GET. */
  readonly body: string;
}

export interface Freshness {
  readonly now: Date;
  /** At most 32 characters, another one for each request. */
  readonly nonce: string;
}

/**
 * The value of `Authorization`: SHA-256 with RSA PKCS#1 v1.5 by the merchant's own key over method, target, time, nonce and body, each
 * followed by a line feed (WeChat Pay APIv3, 签名生成).
 */
export function authorizationOf(
  { method, target, body }: RequestToSign,
  { mchid, serial, privateKey }: Pick<MerchantSecret, 'mchid'> & MerchantKey,
  { now, nonce }: Freshness,
): string {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const message = `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`;
  const signature = createSign('RSA-SHA256').update(message).sign(privateKey, 'base64');
  const fields = { mchid, nonce_str: nonce, signature, timestamp, serial_no: serial };
  const listed = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `WECHATPAY2-SHA256-RSA2048 ${listed.join(',')}`;
}
