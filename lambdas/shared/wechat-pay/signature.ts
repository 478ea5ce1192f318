import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { NotificationRefusedError } from './refusal.ts';

/** The headers that prove who sent a body; names in lower case, as API Gateway hands them over. */
export interface SignatureHeaders {
  readonly 'wechatpay-serial'?: string | undefined;
  readonly 'wechatpay-signature'?: string | undefined;
  readonly 'wechatpay-timestamp'?: string | undefined;
  readonly 'wechatpay-nonce'?: string | undefined;
  readonly 'wechatpay-signature-type'?: string | undefined;
}

/** A signature that may be right: everything about it but the key was looked at. */
export interface ClaimedSignature {
  readonly serial: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
}

export interface ClockWindow {
  readonly now: Date;
  /** How far the timestamp may be off, either way. */
  readonly windowSeconds: number;
}

/** PEM of each WeChat Pay public key or platform certificate, by the exact value of Wechatpay-Serial. */
export type PublicKeys = Readonly<Record<string, string>>;

const signatureType = 'WECHATPAY2-SHA256-RSA2048';
/** A deliberately bad signature, to see whether we check: refused like any other, only counted apart. */
const probePrefix = 'WECHATPAY/SIGNTEST/';

/**
 * What the headers claim, looked at without any key, so that what is refused here costs nothing: all four are there once, the type is the one
 * we verify, the timestamp is of now. Throws a `NotificationRefusedError`.
 */
export function readSignature(headers: SignatureHeaders, window: ClockWindow): ClaimedSignature {
  const serial = required(headers, 'wechatpay-serial');
  const signature = required(headers, 'wechatpay-signature');
  const timestamp = required(headers, 'wechatpay-timestamp');
  const nonce = required(headers, 'wechatpay-nonce');
  const type = headers['wechatpay-signature-type'] ?? signatureType;
  if (type !== signatureType) {
    throw new NotificationRefusedError('signature-type', `Wechatpay-Signature-Type must be ${signatureType}`);
  }
  checkTimestamp(timestamp, window);
  if (signature.startsWith(probePrefix))
    throw new NotificationRefusedError('signature-probe', 'the signature is wrong');
  return { serial, signature, timestamp, nonce };
}

/**
 * Was this body signed by WeChat Pay? SHA-256 with RSA PKCS#1 v1.5 over timestamp, nonce and the raw bytes, each followed by a line feed
 * (WeChat Pay APIv3, 签名验证). Throws a `NotificationRefusedError` when it was not.
 */
export function verifySigned(body: Buffer, claimed: ClaimedSignature, publicKeys: PublicKeys): void {
  const { serial, signature, timestamp, nonce } = claimed;
  // Own properties only: a serial such as __proto__ must find nothing.
  const pem = Object.hasOwn(publicKeys, serial) ? publicKeys[serial] : undefined;
  if (pem === undefined)
    throw new NotificationRefusedError('unknown-serial', 'no key is configured for this Wechatpay-Serial');

  const message = Buffer.concat([Buffer.from(`${timestamp}\n${nonce}\n`), body, Buffer.from('\n')]);
  const bytes = Buffer.from(signature, 'base64');
  // Node reads much as base64: one signature must not have many spellings.
  if (bytes.toString('base64') !== signature || !verify('RSA-SHA256', message, keyOf(pem), bytes)) {
    throw new NotificationRefusedError('signature', 'the signature is wrong');
  }
}

export interface VerifyOptions extends ClockWindow {
  readonly publicKeys: PublicKeys;
}

/** Both at once, for whoever has the keys at hand. Throws a `NotificationRefusedError`. */
export function verifySignature(body: Buffer, headers: SignatureHeaders, options: VerifyOptions): void {
  verifySigned(body, readSignature(headers, options), options.publicKeys);
}

/** Reading a PEM costs more than verifying by it. They come from the merchant's secret: a few, in the life of a process. */
const keys = new Map<string, KeyObject>();

function keyOf(pem: string): KeyObject {
  const key = keys.get(pem) ?? createPublicKey(pem);
  keys.set(pem, key);
  return key;
}

/** API Gateway joins a header that came twice by commas (HTTP APIs, payload format 2.0), and none of these holds one. */
function required(headers: SignatureHeaders, name: keyof SignatureHeaders): string {
  const value = headers[name];
  if (!value) throw new NotificationRefusedError('header-missing', `the header ${name} is missing`);
  if (value.includes(',')) throw new NotificationRefusedError('header-doubled', `the header ${name} came twice`);
  return value;
}

function checkTimestamp(timestamp: string, { now, windowSeconds }: ClockWindow): void {
  const offSeconds = Math.abs(now.getTime() / 1000 - Number(timestamp));
  if (!/^\d{1,12}$/.test(timestamp) || offSeconds > windowSeconds) {
    throw new NotificationRefusedError('timestamp', `Wechatpay-Timestamp must be within ${windowSeconds} s of now`);
  }
}
