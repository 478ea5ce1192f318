import { expirationError } from '../../../../rabbitmq/publishing/expiration.ts';

describe('an expiration (rule 4.7.2)', () => {
  it.each(['0', '60000', '315360000000', '+5', '-0', '007'])('may be "%s"', (expiration) => {
    expect(expirationError(expiration)).toBeUndefined();
  });

  it('is no number when it is longer than AMQP carries, and is not read as one', () => {
    expect(expirationError('9'.repeat(5_000_000))?.message.length).toBeLessThan(400);
  });

  /** Reply texts of 3.10.8, 4.0.5 and 4.3.6. */
  it.each([
    ['', 'no_integer'],
    ['x', 'no_integer'],
    [' 5', 'no_integer'],
    ['1s', '{leftover_string,"s"}'],
    ['1.5', '{leftover_string,".5"}'],
    ['5\n', '{leftover_string,"\\n"}'],
    ['-1', '{value_negative,-1}'],
    ['315360000001', '{value_too_large,315360000001}'],
    ['+99999999999999999999', '{value_too_large,99999999999999999999}'],
  ])('may not be "%s": %s', (expiration, reason) => {
    expect(expirationError(expiration)?.message).toBe(
      `406 PRECONDITION_FAILED - invalid expiration '${expiration}': ${reason}`,
    );
  });
});
