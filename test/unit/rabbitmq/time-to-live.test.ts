import { expiresAt, timeToLiveMs } from '../../../rabbitmq/time-to-live.ts';
import { message } from '../lambdas/builders.ts';

const expiring = (expiration?: string) =>
  message({ properties: { message_id: 'event-1', ...(expiration !== undefined && { expiration }) } });

describe('a time to live', () => {
  it.each([
    [undefined, undefined, undefined],
    [500, undefined, 500],
    [undefined, '500', 500],
    [500, '20', 20],
    [20, '500', 20],
    [500, '0', 0],
    [0, '500', 0],
  ])('is the less of the queue’s %p and the message’s %p (rule 4.7.1)', (messageTtl, expiration, expected) => {
    expect(timeToLiveMs({ messageTtl }, expiring(expiration))).toBe(expected);
  });

  it('starts when the copy enters its queue (rule 4.7.4)', () => {
    expect(expiresAt({ messageTtl: 5_000 }, expiring(), 100_000)).toBe(105_000);
    expect(expiresAt({ messageTtl: undefined }, expiring(), 100_000)).toBeUndefined();
  });

  it('of 0 lets a message through that is taken within a second: SQS knows no sooner (rule 4.7.6)', () => {
    expect(expiresAt({ messageTtl: 0 }, expiring(), 100_000)).toBe(101_000);
  });
});
