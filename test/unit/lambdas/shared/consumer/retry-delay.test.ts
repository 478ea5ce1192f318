import { RetryableError } from '../../../../../lambdas/shared/consumer/errors.ts';
import { retryDelaySeconds } from '../../../../../lambdas/shared/consumer/retry-delay.ts';
import { WritesClosedError } from '../../../../../lambdas/shared/table-moves/routed-commands.ts';

const seconds = { min: 1, max: 5 };
const first = { failed: 1, times: 1 };

describe('the delay of a retry', () => {
  it('is what an error asks for that is only the cause of what was thrown', () => {
    const cause = new RetryableError('asked to come back', { atLeastSeconds: 20 });

    expect(retryDelaySeconds(new RetryableError('not written', { cause }), first, seconds)).toBe(20);
    expect(retryDelaySeconds(new Error('not written', { cause }), first, seconds)).toBe(20);
  });

  it('outlasts with three tries the writes that are closed while a table changes sides', () => {
    const route = { table: 'Orders', sourceName: 'orders', targetName: 'moved' };
    const error = new WritesClosedError(route);

    expect(3 * retryDelaySeconds(error, first, seconds)).toBeGreaterThan(70);
  });

  it('ends the way along errors that were made of each other', () => {
    const [one, other] = [new Error('one'), new Error('other')];
    one.cause = other;
    other.cause = one;

    expect(retryDelaySeconds(one, first, seconds)).toBe(1);
  });
});
