import { PermanentError, RetryableError, UnavailableError } from '../consumer/errors.ts';
import type { HttpAnswer } from './http-post.ts';

/** The server could not take it now. 409 is among them: it says most often that the first request with the same key is still worked on. */
const mayPass: readonly number[] = [408, 409, 425, 429];

/**
 * Returns when the work is done. Throws a `PermanentError` when the request itself is refused, and a `RetryableError` for everything else: an
 * answer nobody expects, a redirect to a maintenance page say, may pass too. Of a server that says it is down or overloaded (5xx, 429) it is an
 * `UnavailableError`. `Retry-After` is heeded up to `mostRetryAfterSeconds`.
 */
export function judgeAnswer(
  { status, retryAfter }: HttpAnswer,
  { now, mostRetryAfterSeconds }: { readonly now: Date; readonly mostRetryAfterSeconds: number },
): void {
  if (status >= 200 && status < 300) return;
  const problem = `the answer was ${status}`;
  if (status >= 400 && status < 500 && !mayPass.includes(status)) throw new PermanentError(problem);
  const ErrorClass = status >= 500 || status === 429 ? UnavailableError : RetryableError;
  throw new ErrorClass(problem, {
    atLeastSeconds: Math.min(retryAfterSeconds(retryAfter, now), mostRetryAfterSeconds),
  });
}

/** Seconds, or a date (RFC 9110, 10.2.3); what is neither asks for nothing. */
export function retryAfterSeconds(retryAfter = '', now: Date): number {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const date = / GMT$/.test(retryAfter) ? Date.parse(retryAfter) : Number.NaN;
  return Number.isNaN(date) ? 0 : Math.max(0, Math.ceil((date - now.getTime()) / 1000));
}
