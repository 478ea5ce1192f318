import { createSign } from 'node:crypto';
import { InvalidMerchantSecretError, type MerchantSecret } from '../merchant-secret.ts';

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
 * followed by a line feed (WeChat Pay APIv3, 签名生成). Throws an `InvalidMerchantSecretError` when the secret holds no such key.
 */
export function authorizationOf(
  { method, target, body }: RequestToSign,
  { mchid, merchantKey }: Pick<MerchantSecret, 'mchid' | 'merchantKey'>,
  { now, nonce }: Freshness,
): string {
  if (!merchantKey) throw new InvalidMerchantSecretError(['merchantKey: is missing, and WeChat Pay is asked']);
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const message = `${method}\n${target}\n${timestamp}\n${nonce}\n${body}\n`;
  const signature = createSign('RSA-SHA256').update(message).sign(merchantKey.privateKey, 'base64');
  const fields = { mchid, nonce_str: nonce, signature, timestamp, serial_no: merchantKey.serial };
  const listed = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `WECHATPAY2-SHA256-RSA2048 ${listed.join(',')}`;
}
