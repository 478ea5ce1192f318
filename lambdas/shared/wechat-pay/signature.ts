import { createPublicKey, verify } from 'node:crypto';
import { NotificationRefusedError } from './refusal.ts';

/** The headers that prove who sent a body; names in lower case, as API Gateway hands them over. */
export interface SignatureHeaders {
  readonly 'wechatpay-serial'?: string | undefined;
  readonly 'wechatpay-signature'?: string | undefined;
  readonly 'wechatpay-timestamp'?: string | undefined;
  readonly 'wechatpay-nonce'?: string | undefined;
  readonly 'wechatpay-signature-type'?: string | undefined;
}

export interface VerifyOptions {
  /** PEM of a WeChat Pay public key or platform certificate, by the exact value of Wechatpay-Serial. */
  readonly publicKeys: Readonly<Record<string, string>>;
  readonly now: Date;
  /** How far the timestamp may be off, either way. */
  readonly windowSeconds: number;
}

const signatureType = 'WECHATPAY2-SHA256-RSA2048';
/** A deliberately bad signature, to see whether we check: refused like any other, only counted apart. */
const probePrefix = 'WECHATPAY/SIGNTEST/';

/**
 * Was this body signed by WeChat Pay just now? SHA-256 with RSA PKCS#1 v1.5 over timestamp, nonce and the raw bytes, each
 * followed by a line feed (WeChat Pay APIv3, 签名验证). Throws a `NotificationRefusedError` when it was not.
 */
export function verifySignature(body: Buffer, headers: SignatureHeaders, options: VerifyOptions): void {
  const serial = required(headers, 'wechatpay-serial');
  const signature = required(headers, 'wechatpay-signature');
  const timestamp = required(headers, 'wechatpay-timestamp');
  const nonce = required(headers, 'wechatpay-nonce');
  const type = headers['wechatpay-signature-type'] ?? signatureType;
  if (type !== signatureType) {
    throw new NotificationRefusedError('signature-type', `Wechatpay-Signature-Type must be ${signatureType}`);
  }
  checkTimestamp(timestamp, options);
  if (signature.startsWith(probePrefix))
    throw new NotificationRefusedError('signature-probe', 'the signature is wrong');
  // Own properties only: a serial such as __proto__ must find nothing.
  const pem = Object.hasOwn(options.publicKeys, serial) ? options.publicKeys[serial] : undefined;
  if (pem === undefined)
    throw new NotificationRefusedError('unknown-serial', 'no key is configured for this Wechatpay-Serial');

  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  if (!verify('RSA-SHA256', message, createPublicKey(pem), Buffer.from(signature, 'base64'))) {
    throw new NotificationRefusedError('signature', 'the signature is wrong');
  }
}

function required(headers: SignatureHeaders, name: keyof SignatureHeaders): string {
  const value = headers[name];
  if (!value) throw new NotificationRefusedError('header-missing', `the header ${name} is missing`);
  return value;
}

function checkTimestamp(timestamp: string, { now, windowSeconds }: VerifyOptions): void {
  const offSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  if (!/^\d{1,12}$/.test(timestamp) || offSeconds > windowSeconds) {
    throw new NotificationRefusedError('timestamp', `Wechatpay-Timestamp must be within ${windowSeconds} s of now`);
  }
}
