import { UnavailableError } from '../consumer/errors.ts';
import { NoAnswerError } from './no-answer-error.ts';

export interface WholeRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as it is: somebody has signed these characters. */
  readonly body?: string | undefined;
  readonly deadline?: AbortSignal | undefined;
}

export interface WholeAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it came: what is signed are bytes. */
  readonly body: Buffer;
}

/**
 * One request, and the whole answer. MUST answer or throw by the deadline, MUST follow no redirect and MUST NOT repeat the request. Throws a
 * `NoAnswerError`, or an `AnswerTooLargeError`.
 */
export type HttpFetch = (request: WholeRequest) => Promise<WholeAnswer>;

/** An answer that was not read to its end. */
export class AnswerTooLargeError extends UnavailableError {
  override readonly name = 'AnswerTooLargeError';

  constructor(host: string, mostBytes: number) {
    super(`${host} answered with more than ${mostBytes} bytes`);
  }
}

export interface HttpFetchOptions {
  /** Of one request, its answer included. */
  readonly timeoutMs: number;
  /** Of an answer's body. */
  readonly mostAnswerBytes: number;
}

/** Node's own fetch. */
export function createHttpFetch({ timeoutMs, mostAnswerBytes }: HttpFetchOptions): HttpFetch {
  return async ({ method, url, headers, body, deadline }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const { host } = new URL(url);
    try {
      const answer = await fetch(url, {
        method,
        // A connection that is kept while Lambda freezes the function is often dead when it is used again.
        headers: { ...headers, connection: 'close' },
        body: body ?? null,
        redirect: 'manual',
        signal: deadline ? AbortSignal.any([timeout, deadline]) : timeout,
      });
      const bytes = await wholeOf(answer.body, mostAnswerBytes);
      if (!bytes) throw new AnswerTooLargeError(host, mostAnswerBytes);
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: bytes };
    } catch (error) {
      if (error instanceof AnswerTooLargeError) throw error;
      throw new NoAnswerError(host, error);
    }
  };
}

/** Leaving the loop ends the connection. */
async function wholeOf(body: ReadableStream<Uint8Array> | null, mostBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
  }
  return Buffer.concat(chunks);
}
