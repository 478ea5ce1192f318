import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { AddressRange } from './forbidden-address.ts';
import { createGuardedLookup, ForbiddenAddressError, type Resolve, refuseForbidden } from './guarded-lookup.ts';
import type { HttpAnswer } from './http-post.ts';
import { NoAnswerError } from './no-answer-error.ts';

export interface SignedRequest {
  /** Sent as it is: somebody has signed these characters. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly deadline?: AbortSignal | undefined;
}

/**
 * One POST to one address that somebody else has chosen. MUST answer or throw by the deadline, MUST follow no redirect, MUST NOT repeat the
 * request and MUST read nothing of the answer's body. MUST connect to no address that was not checked; throws a `ForbiddenAddressError` then, and
 * a `NoAnswerError` when there is no answer.
 */
export type GuardedPost = (request: SignedRequest) => Promise<Pick<HttpAnswer, 'status' | 'retryAfter'>>;

export interface GuardedPostOptions {
  readonly url: string;
  /** From its name to the answer's status. */
  readonly timeoutMs: number;
  /** Addresses that may be sent to although they are none of the internet's. */
  readonly allowedRanges: readonly AddressRange[];
  /** Default: as this machine resolves names. */
  readonly resolve?: Resolve;
}

export function createGuardedPost(options: GuardedPostOptions): GuardedPost {
  const { url, timeoutMs, allowedRanges, resolve = resolveHere } = options;
  const target = new URL(url);
  const guarded = createGuardedLookup(resolve, allowedRanges);
  return async ({ body, headers, deadline }) => {
    // A socket looks up names only.
    const literal = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0) refuseForbidden(target.hostname, literal, allowedRanges);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = deadline ? AbortSignal.any([timeout, deadline]) : timeout;
    try {
      const response = await send(target, { body, headers, signal, lookup: guarded });
      // It has said what came of it. What it says besides may be of any size, and hold anything.
      response.on('error', () => {}).destroy();
      return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
    } catch (error) {
      if (error instanceof ForbiddenAddressError) throw error;
      throw new NoAnswerError(target.host, signal.aborted ? signal.reason : error);
    }
  };
}

interface Sent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly lookup: LookupFunction;
}

/** The connection is at its end, and there was neither an answer nor an error. */
class ClosedError extends Error {
  override readonly name = 'ClosedError';
}

function send(target: URL, { body, headers, signal, lookup }: Sent): Promise<IncomingMessage> {
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    request(target, {
      method: 'POST',
      // No agent, and no connection that is kept: Lambda freezes the function, and it would be dead when it is used again.
      agent: false,
      headers: {
        ...headers,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
      },
      lookup,
      signal,
    })
      .on('response', resolve)
      // Nobody asked for another protocol. Without a listener Node ends such a connection, and says neither `response` nor `error`.
      .on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response);
      })
      .on('error', reject)
      // Whatever came before it has settled this.
      .on('close', () => reject(new ClosedError()))
      .end(body);
  });
}

const resolveHere: Resolve = (hostname) => lookup(hostname, { all: true });
