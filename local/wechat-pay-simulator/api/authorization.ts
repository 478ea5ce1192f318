import { RefusedError } from '../refused.ts';
import { isSignatureOf, signedText } from '../sign.ts';
import type { ApiRequest } from './request.ts';

export interface KnownMerchant {
  readonly mchid: string;
  /** Of its API certificate. */
  readonly serial: string;
  readonly publicKey: string;
}

const scheme = 'WECHATPAY2-SHA256-RSA2048';
const windowSeconds = 300;
const fields = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no'] as const;

/** Throws SIGN_ERROR unless the merchant has signed this request just now. */
export function checkAuthorization(request: ApiRequest, merchant: KnownMerchant, now: Date): void {
  const { mchid, nonce_str, signature, timestamp, serial_no } = read(request.headers.authorization ?? '');
  const offSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  refuseUnless(/^\d{1,12}$/.test(timestamp) && offSeconds <= windowSeconds, '请求时间戳已过期');
  refuseUnless(mchid === merchant.mchid && serial_no === merchant.serial, '商户证书序列号有误');
  refuseUnless(nonce_str.length <= 32, 'nonce_str is longer than 32');
  const text = signedText([request.method, request.url, timestamp, nonce_str], request.body);
  refuseUnless(isSignatureOf(text, signature, merchant.publicKey), '签名错误');
}

function read(authorization: string): Record<(typeof fields)[number], string> {
  refuseUnless(authorization.startsWith(`${scheme} `), `Authorization must be of the type ${scheme}`);
  const given = new Map([...authorization.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const of = (name: (typeof fields)[number]): string => {
    const value = given.get(name);
    if (!value) throw new RefusedError('SIGN_ERROR', `Authorization lacks ${name}`);
    return value;
  };
  return {
    mchid: of('mchid'),
    nonce_str: of('nonce_str'),
    signature: of('signature'),
    timestamp: of('timestamp'),
    serial_no: of('serial_no'),
  };
}

function refuseUnless(holds: boolean, message: string): void {
  if (!holds) throw new RefusedError('SIGN_ERROR', message);
}
