import { UnavailableError } from '../consumer/errors.ts';
import { beginningOf, fetchOnce } from './fetch-once.ts';

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

export function createHttpFetch({ timeoutMs, mostAnswerBytes }: HttpFetchOptions): HttpFetch {
  return async (request) => {
    const answer = await fetchOnce({ ...request, timeoutMs }, async (response) => ({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await beginningOf(response, mostAnswerBytes + 1),
    }));
    if (answer.body.length > mostAnswerBytes) throw new AnswerTooLargeError(new URL(request.url).host, mostAnswerBytes);
    return answer;
  };
}
