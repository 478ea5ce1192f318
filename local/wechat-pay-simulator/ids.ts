import { randomBytes, randomInt } from 'node:crypto';

/** WeChat Pay's payment numbers are 28 digits that begin with 42. */
export function newTransactionId(): string {
  return `42${digits(26)}`;
}

/** Its refund numbers are 29 digits that begin with 503. */
export function newRefundId(): string {
  return `503${digits(26)}`;
}

export function newPrepayId(): string {
  return `wx${randomBytes(17).toString('hex')}`;
}

export function newCodeUrl(): string {
  return `weixin://wxpay/bizpayurl?pr=${randomBytes(6).toString('base64url')}`;
}

function digits(count: number): string {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
