import { NoAnswerError } from './no-answer-error.ts';

/** What a server said, as far as a caller acts on it. */
export interface HttpAnswer {
  readonly status: number;
  /** The beginning of it, if the caller reads any: it may be of any size, and hold anything. */
  readonly body?: string | undefined;
  /** As the header says it. */
  readonly retryAfter: string | undefined;
}

export interface HttpRequest {
  /** Sent as JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly deadline?: AbortSignal | undefined;
}

/**
 * One POST to one address. MUST answer or throw by the deadline, MUST follow no redirect and MUST NOT repeat the request. Throws a
 * `NoAnswerError` when there is none.
 */
export type HttpPost = (request: HttpRequest) => Promise<HttpAnswer>;

export interface HttpPostOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Of the answer's body that is read, to a chunk; for servers that say there what their status does not. Default: none. */
  readonly mostAnswerBytes?: number;
}

/** POSTs with Node's own fetch, waiting `timeoutMs` at most. */
export function createHttpPost({ url, timeoutMs, mostAnswerBytes = 0 }: HttpPostOptions): HttpPost {
  const { host } = new URL(url);
  return async ({ body, headers, deadline }) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const {
        status,
        headers: answered,
        body: unread,
      } = await fetch(url, {
        method: 'POST',
        // A connection that is kept while Lambda freezes the function is often dead when it is used again: a failure that is nobody's.
        headers: { ...headers, 'content-type': 'application/json', connection: 'close' },
        body: JSON.stringify(body),
        redirect: 'manual',
        signal: deadline ? AbortSignal.any([timeout, deadline]) : timeout,
      });
      const retryAfter = answered.get('retry-after') ?? undefined;
      if (mostAnswerBytes > 0) return { status, retryAfter, body: await beginningOf(unread, mostAnswerBytes) };
      // It has said what came of the work. Not awaited: the connection may break off as it likes.
      unread?.cancel().catch(() => {});
      return { status, retryAfter };
    } catch (error) {
      throw new NoAnswerError(host, error);
    }
  };
}

/** Leaving the loop ends the connection. */
async function beginningOf(body: ReadableStream<Uint8Array> | null, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= mostBytes) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
