import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { RefusedError } from '../refused.ts';

/** A request as it came. */
export interface ApiRequest {
  readonly method: string;
  /** Path and query, exactly as sent: they are signed so. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What it is answered with, before it is signed. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Buffer;
  readonly contentType: string;
  /** The bill is not: its hash is in an answer that is. Nor is the refusal of a request that is not signed itself. */
  readonly isSigned: boolean;
}

export function jsonAnswer(status: number, body: unknown): ApiAnswer {
  return { status, body: Buffer.from(JSON.stringify(body)), contentType: 'application/json', isSigned: true };
}

export const noContent: ApiAnswer = { status: 204, body: Buffer.alloc(0), contentType: '', isSigned: true };

/** Only a request that is rightly signed gets a signed answer (如果验证商户的请求签名正确，微信支付会在应答的HTTP头部中包括应答签名). */
export function refusal({ status, code, message }: RefusedError): ApiAnswer {
  return { ...jsonAnswer(status, { code, message }), isSigned: code !== 'SIGN_ERROR' };
}

export function pathOf({ url }: ApiRequest): string {
  return url.split('?', 1)[0] ?? '';
}

export function queryOf({ url }: ApiRequest): URLSearchParams {
  return new URLSearchParams(url.slice(url.indexOf('?') + 1 || url.length));
}

/** The number in a path. */
export function namedBy(match: RegExpExecArray): string {
  try {
    return decodeURIComponent(match[1] ?? '');
  } catch {
    throw new RefusedError('PARAM_ERROR', 'the path is not percent-encoded');
  }
}

/** The body as this schema reads it; PARAM_ERROR names the fields. */
export function parsed<T>(schema: z.ZodType<T>, body: Buffer): T {
  return valid(schema, parseJson(body));
}

export function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RefusedError('PARAM_ERROR', `参数错误 ${problems.join('; ')}`);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new RefusedError('PARAM_ERROR', 'the body is not JSON');
  }
}
