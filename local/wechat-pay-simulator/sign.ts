import { createSign, randomBytes } from 'node:crypto';
import type { MerchantKeys } from './merchant-keys.ts';

export interface SignedNotification {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As WeChat Pay signs: a retry is signed anew, with a fresh timestamp. */
export function signNotification(body: string, { serial, privateKey }: MerchantKeys, now: Date): SignedNotification {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = createSign('RSA-SHA256').update(`${timestamp}\n${nonce}\n${body}\n`).sign(privateKey, 'base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'wechatpay-serial': serial,
      'wechatpay-signature': signature,
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    },
  };
}

/** A signature probe (签名探测): deliberately wrong, and it says so. */
export function asProbe({ body, headers }: SignedNotification): SignedNotification {
  const signature = `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']}`;
  return { body, headers: { ...headers, 'wechatpay-signature': signature } };
}

/** What somebody without the key can do: the headers of a real notification over another body. */
export function asForgery({ body, headers }: SignedNotification): SignedNotification {
  return { body: body.replace('"支付成功"', '"支付成功 "'), headers };
}
