import { RetryableError } from '../consumer/errors.ts';

/** What a server said, as far as a caller acts on it. Its body is not read: it may be of any size, and hold anything. */
export interface HttpAnswer {
  readonly status: number;
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

/** Nobody can tell whether the work was done: the connection was refused or lost, or nothing came in time. */
export class NoAnswerError extends RetryableError {
  override readonly name = 'NoAnswerError';

  constructor(host: string, cause: unknown) {
    super(`${host} gave no answer: ${reasonOf(cause)}`, { cause });
  }
}

/** POSTs with Node's own fetch, waiting `timeoutMs` at most. The one place that calls anybody but AWS. */
export function createHttpPost({ url, timeoutMs }: { readonly url: string; readonly timeoutMs: number }): HttpPost {
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
      // It has said what came of the work. Not awaited: the connection may break off as it likes.
      unread?.cancel().catch(() => {});
      return { status, retryAfter: answered.get('retry-after') ?? undefined };
    } catch (error) {
      throw new NoAnswerError(host, error);
    }
  };
}

/** fetch says "fetch failed", and why in its cause, with a code; of a timeout it is the name that tells. */
function reasonOf(error: unknown): string {
  const { cause = error } = Object(error);
  const { code, name } = Object(cause);
  return typeof code === 'string' ? code : String(name);
}
