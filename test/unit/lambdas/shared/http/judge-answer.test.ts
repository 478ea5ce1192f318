import { PermanentError, RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { judgeAnswer } from '../../../../../lambdas/shared/http/judge-answer.ts';
import { errorOf, now } from '../../builders.ts';

const judge = (status: number, retryAfter?: string) =>
  judgeAnswer({ status, retryAfter }, { now, mostRetryAfterSeconds: 900 });

describe('an answer', () => {
  it.each([200, 201, 202, 204, 299])('of %i says that the work is done', (status) => {
    expect(() => judge(status)).not.toThrow();
  });

  it.each([400, 401, 403, 404, 405, 410, 413, 415, 422, 451])('of %i refuses the request for good', (status) => {
    expect(errorOf(() => judge(status))).toBeInstanceOf(PermanentError);
    expect(() => judge(status)).toThrow(`the answer was ${status}`);
  });

  it.each([408, 409, 425, 429, 500, 501, 502, 503, 504, 599, 300, 302, 307, 308])(
    'of %i may be another later',
    (status) => {
      expect(errorOf(() => judge(status))).toBeInstanceOf(RetryableError);
      expect(() => judge(status)).toThrow(`the answer was ${status}`);
    },
  );
});

describe('Retry-After', () => {
  const inTwoMinutes = new Date(now.getTime() + 120_000).toUTCString();
  const anHourAgo = new Date(now.getTime() - 3_600_000).toUTCString();

  it.each([
    ['7', 7],
    ['0', 0],
    [inTwoMinutes, 120],
    [anHourAgo, 0],
    ['86400', 900],
    ['9'.repeat(400), 900],
    ['Sun, 06 Nov 2094 08:49:37 GMT', 900],
    ['soon', 0],
    ['-5', 0],
    ['', 0],
    [undefined, 0],
  ])('of %p puts the next try off by %i seconds at least', (retryAfter, atLeastSeconds) => {
    expect(errorOf(() => judge(429, retryAfter))).toMatchObject({ atLeastSeconds, delaySeconds: undefined });
    expect(errorOf(() => judge(503, retryAfter))).toMatchObject({ atLeastSeconds });
  });
});
