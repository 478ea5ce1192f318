import { createCipheriv, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { MerchantSecret } from '../../../../../lambdas/shared/wechat-pay/merchant-secret.ts';
import { now } from '../../builders.ts';
import { payment } from '../orders/orders.ts';

/** WeChat Pay's side, written from facts about APIv3 and not from our code: who signs, and how a resource is sealed. */
export const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const serial = 'PUB_KEY_ID_0000000000000000000000000000000001';
export const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
export const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

export const secret: MerchantSecret = {
  mchid: payment.mchid,
  appids: [payment.appid],
  apiV3Key: 'an-api-v3-key-of-thirty-two-byte',
  publicKeys: { [serial]: publicKeyPem },
};

export interface Signing {
  readonly at?: Date;
  readonly key?: KeyObject;
  readonly nonce?: string;
}

export function signedHeaders(body: Buffer | string, { at = now, key = privateKey, nonce = 'a-nonce' }: Signing = {}) {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), Buffer.from(body), Buffer.from('\n')]);
  return {
    'wechatpay-serial': serial,
    'wechatpay-signature': sign('RSA-SHA256', message, key).toString('base64'),
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
  };
}

export function seal(text: string | Buffer, associatedData = 'transaction', apiV3Key = secret.apiV3Key) {
  const nonce = 'twelve-bytes';
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
  cipher.setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([cipher.update(Buffer.from(text)), cipher.final(), cipher.getAuthTag()]);
  return { ciphertext: sealed.toString('base64'), nonce, associated_data: associatedData };
}

/** What WeChat Pay says of a payment, personal data included. */
export const paidResource = {
  ...payment,
  trade_type: 'JSAPI',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  payer: { openid },
  amount: { ...payment.amount, payer_total: payment.amount.total, payer_currency: 'CNY' },
};

export function notification(changes: object = {}, resourceChanges: object = {}, resource: object = paidResource) {
  return {
    id: 'EV-2026112310000000000001',
    create_time: '2026-11-23T10:00:00+08:00',
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ...seal(JSON.stringify(resource)),
      ...resourceChanges,
    },
    ...changes,
  };
}
