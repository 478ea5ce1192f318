import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';

export interface Payment {
  readonly mchid: string;
  readonly appid: string;
  readonly out_trade_no: string;
  readonly transaction_id: string;
  /** 分 */
  readonly total: number;
  readonly paidAt: Date;
}

/** A complete TRANSACTION.SUCCESS notification, with all the fields WeChat Pay documents, encrypted for the merchant. */
export function paymentNotification(payment: Payment, apiV3Key: string): string {
  const { mchid, appid, out_trade_no, transaction_id, total, paidAt } = payment;
  const resource = {
    mchid,
    appid,
    out_trade_no,
    transaction_id,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'OTHERS',
    attach: '',
    success_time: beijingTime(paidAt),
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total, payer_total: total, currency: 'CNY', payer_currency: 'CNY' },
  };
  return JSON.stringify({
    id: randomUUID(),
    create_time: beijingTime(paidAt),
    resource_type: 'encrypt-resource',
    event_type: 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      original_type: 'transaction',
      algorithm: 'AEAD_AES_256_GCM',
      ...encrypt(JSON.stringify(resource), apiV3Key, 'transaction'),
    },
  });
}

/** What `resource` holds of an encrypted text: AES-256-GCM, a nonce of 12 characters, the tag behind the ciphertext. */
export function encrypt(text: string, apiV3Key: string, associatedData: string) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
  cipher.setAAD(Buffer.from(associatedData));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return { ciphertext: sealed.toString('base64'), nonce, associated_data: associatedData };
}

/** RFC 3339 at UTC+8, as WeChat Pay writes times. */
function beijingTime(date: Date): string {
  return `${new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
