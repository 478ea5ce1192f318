import { ConditionalCheckFailedException, ProvisionedThroughputExceededException } from '@aws-sdk/client-dynamodb';
import { PermanentError, RetryableError, UnavailableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { isUnavailable } from '../../../../../lambdas/shared/consumer/unavailable.ts';
import { NoAnswerError } from '../../../../../lambdas/shared/http/no-answer-error.ts';
import { CacheRefusedError } from '../../../../../lambdas/shared/order-cache/errors.ts';

const $metadata = {};

describe('something is down', () => {
  it.each([
    ['for whoever says so', new UnavailableError('the shop is closed')],
    ['for whoever gets no answer', new NoAnswerError('shop.example', new Error('fetch failed'))],
    ['for a cache that refuses', new CacheRefusedError(new Error('LOADING'))],
    ['when AWS throttles', new ProvisionedThroughputExceededException({ message: 'too fast', $metadata })],
    ['when AWS fails', Object.assign(new Error('oops'), { $metadata: { httpStatusCode: 503 }, $fault: 'server' })],
    ['when nothing listens', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['when no answer comes in time', Object.assign(new Error('late'), { name: 'TimeoutError' })],
    ['under what it was wrapped in', new RetryableError('not now', { cause: new UnavailableError('down') })],
  ])('%s', (_, error) => {
    expect(isUnavailable(error)).toBe(true);
  });
});

describe('nothing is down', () => {
  const round = new Error('round');
  round.cause = round;

  it.each([
    ['for a message that is refused', new PermanentError('no')],
    ['for one that is to come later', new RetryableError('not yet')],
    ['for a bug', new TypeError('undefined is not a function')],
    ['for a condition that does not hold', new ConditionalCheckFailedException({ message: 'no', $metadata })],
    ['for what is no error', 'a text'],
    ['for an error that goes round in a circle', round],
  ])('%s', (_, error) => {
    expect(isUnavailable(error)).toBe(false);
  });
});
