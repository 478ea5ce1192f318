import { createDecipheriv, createSign, createVerify } from 'node:crypto';
import type { ApiRequest } from '../../../local/wechat-pay-simulator/api/request.ts';
import type { SignedAnswer } from '../../../local/wechat-pay-simulator/api/sign-answer.ts';
import type { Answer } from '../../../local/wechat-pay-simulator/deliver.ts';
import { createMerchantKeys, type MerchantKeys } from '../../../local/wechat-pay-simulator/merchant-keys.ts';
import type { SettingsChange } from '../../../local/wechat-pay-simulator/settings.ts';
import type { SignedNotification } from '../../../local/wechat-pay-simulator/sign.ts';
import { createWechatPay } from '../../../local/wechat-pay-simulator/wechat-pay.ts';
import { VirtualTime } from './virtual-time.ts';

/** Made once: three RSA pairs take their time. */
export const keys: MerchantKeys = createMerchantKeys();
export const { mchid } = keys.secret;
export const appid = keys.secret.appids[0] ?? '';
export const notify_url = 'https://merchant.example/wechat-pay/notify';

export interface Received extends SignedNotification {
  readonly at: Date;
  readonly notify_url: string;
}

type AnswerTo = (received: Received, count: number) => Answer | Promise<Answer>;

export const taken: Answer = { status: 204, body: '' };

/** A WeChat Pay without a network, and a merchant that answers its callbacks as the test says. */
export function givenWechatPay(settings: SettingsChange = {}, answerTo: AnswerTo = () => taken) {
  const time = new VirtualTime();
  const received: Received[] = [];
  const wechatPay = createWechatPay({
    keys,
    time,
    origin: () => 'http://wechat-pay',
    end: new AbortController().signal,
    settings: { timeScale: 1, settleAfterSeconds: null, ...settings },
    postTo: (url) => async (notification) => {
      const one = { ...notification, at: time.now(), notify_url: url };
      received.push(one);
      return answerTo(one, received.length);
    },
  });

  async function call(method: string, url: string, body?: unknown, change: (request: ApiRequest) => ApiRequest = same) {
    const answer = await wechatPay.api(change(signedRequest(method, url, body, time.now())));
    if (!answer) throw new Error('the connection was closed');
    return { ...answer, json: jsonOf(answer) };
  }

  const quiet = () => time.until(() => wechatPay.postOffice.pending() === 0);
  return { wechatPay, time, received, call, quiet };
}

export type Given = ReturnType<typeof givenWechatPay>;

const same = (request: ApiRequest): ApiRequest => request;

function jsonOf({ headers, body }: SignedAnswer) {
  return headers['content-type'] === 'application/json' ? JSON.parse(body.toString('utf8')) : undefined;
}

export function signedRequest(method: string, url: string, body: unknown, now: Date): ApiRequest {
  const text = body === undefined ? '' : JSON.stringify(body);
  const timestamp = Math.floor(now.getTime() / 1000);
  const nonce = '593BEC0C930BF1AFEB40B4A08C8FB242';
  const { serial, privateKey } = keys.merchantKey;
  const signature = createSign('RSA-SHA256')
    .update(`${method}\n${url}\n${timestamp}\n${nonce}\n${text}\n`)
    .sign(privateKey, 'base64');
  const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${mchid}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${serial}"`;
  return { method, url, headers: { authorization }, body: Buffer.from(text) };
}

/** By node:crypto alone, with the public half of the key the serial names. */
export function isSigned({
  headers,
  body,
}: {
  headers: Readonly<Record<string, string>>;
  body: Buffer | string;
}): boolean {
  const key = keys.secret.publicKeys[headers['wechatpay-serial'] ?? ''];
  if (!key) return false;
  return createVerify('RSA-SHA256')
    .update(`${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n`)
    .update(body)
    .update('\n')
    .verify(key, headers['wechatpay-signature'] ?? '', 'base64');
}

/** What a callback tells, decrypted by node:crypto alone. */
export function toldBy({ body }: SignedNotification) {
  const { event_type, resource } = JSON.parse(body);
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keys.secret.apiV3Key, resource.nonce);
  decipher.setAAD(Buffer.from(resource.associated_data));
  decipher.setAuthTag(sealed.subarray(-16));
  const text = decipher.update(sealed.subarray(0, -16), undefined, 'utf8') + decipher.final('utf8');
  return { event_type, original_type: resource.original_type, resource: JSON.parse(text) };
}

export function orderOf(out_trade_no: string, changes: Record<string, unknown> = {}) {
  return {
    appid,
    mchid,
    description: '一杯咖啡',
    out_trade_no,
    notify_url,
    amount: { total: 8800, currency: 'CNY' },
    ...changes,
  };
}

export function refundOf(
  out_trade_no: string,
  out_refund_no: string,
  refund: number,
  changes: Record<string, unknown> = {},
) {
  return { out_trade_no, out_refund_no, amount: { refund, total: 8800, currency: 'CNY' }, ...changes };
}

export const urls = {
  native: '/v3/pay/transactions/native',
  jsapi: '/v3/pay/transactions/jsapi',
  order: (out_trade_no: string) => `/v3/pay/transactions/out-trade-no/${out_trade_no}?mchid=${mchid}`,
  transaction: (transaction_id: string) => `/v3/pay/transactions/id/${transaction_id}?mchid=${mchid}`,
  close: (out_trade_no: string) => `/v3/pay/transactions/out-trade-no/${out_trade_no}/close`,
  refunds: '/v3/refund/domestic/refunds',
  refund: (out_refund_no: string) => `/v3/refund/domestic/refunds/${out_refund_no}`,
};

/** An order that was placed and paid, and its callback taken. */
export async function givenPaid(given: Given, out_trade_no: string): Promise<string> {
  await given.call('POST', urls.native, orderOf(out_trade_no));
  const { state } = given.wechatPay.pay(out_trade_no);
  await given.quiet();
  return state.payment.transaction_id;
}
