import { beginningOf, fetchOnce } from './fetch-once.ts';

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

/** POSTs, waiting `timeoutMs` at most. */
export function createHttpPost({ url, timeoutMs, mostAnswerBytes = 0 }: HttpPostOptions): HttpPost {
  return ({ body, headers, deadline }) =>
    fetchOnce(
      {
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(body),
        timeoutMs,
        deadline,
      },
      async (response) => {
        const { status } = response;
        const retryAfter = response.headers.get('retry-after') ?? undefined;
        if (mostAnswerBytes > 0) {
          return { status, retryAfter, body: (await beginningOf(response, mostAnswerBytes)).toString('utf8') };
        }
        // It has said what came of the work. Not awaited: the connection may break off as it likes.
        response.body?.cancel().catch(() => {});
        return { status, retryAfter };
      },
    );
}
