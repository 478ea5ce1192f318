import { violationsIn } from '../../../lib/rules/enforce-rules.ts';
import { DAY, wellFormedApp } from './well-formed-app.ts';

/** What is refused of a consumer that retries so often, after min and at most max seconds. */
function refused(retries: number, min: number, max: number, keepAfter = 3 * DAY, schedule?: string) {
  const { app, cfnFunction } = wellFormedApp();
  cfnFunction.environment = {
    variables: {
      DELIVERY_LIMIT: String(retries),
      RETRY_MIN_SECONDS: String(min),
      RETRY_MAX_SECONDS: String(max),
      KEEP_AFTER_SECONDS: String(keepAfter),
      ...(schedule !== undefined && { RETRY_SCHEDULE_SECONDS: schedule }),
    },
  };
  return violationsIn(app);
}

describe('the time all retries take', () => {
  it('is refused when a message becomes an exception before', () => {
    expect(refused(289, 900, 900)).toEqual([
      {
        rule: 'Warren-RetryTime',
        path: 'Stateless/OrdersConsumer/Resource',
        problem:
          'its 289 retries take 260100 s, but a message of Stateful/Orders/Resource becomes an exception after 259200 s, before SQS deletes it',
        fix: 'lower its retryMax in lib/config.ts to at most 896 s, or its deliveryLimit',
      },
    ]);
    expect(refused(288, 900, 900)).toEqual([]);
  });

  it.each([
    // 10 + 20 + 30 + 35 + 35
    [5, 10, 35, 130],
    // 10 + 20
    [2, 10, 35, 30],
    [1, 60, 60, 60],
    [4, 0, 900, 0],
  ])('of %j retries of %j to %j s is %j s', (retries, min, max, seconds) => {
    expect(refused(retries, min, max, seconds || 1)).toEqual([]);
    if (seconds > 0) expect(refused(retries, min, max, seconds - 1)).toHaveLength(1);
  });

  it('of a schedule is that of its steps', () => {
    expect(refused(3, 0, 900, 60, '15,15,30')).toEqual([]);
    expect(refused(3, 0, 900, 59, '15,15,30')).toMatchObject([
      { problem: expect.stringContaining('its 3 retries take 60 s'), fix: expect.stringContaining('retrySchedule') },
    ]);
  });

  it('is that of the steps that are taken, and refused when there are fewer steps than retries', () => {
    expect(refused(2, 0, 900, 30, '15,15,30')).toEqual([]);
    expect(refused(4, 0, 900, 3 * DAY, '15,15,30')).toEqual([
      {
        rule: 'Warren-RetryTime',
        path: 'Stateless/OrdersConsumer/Resource',
        problem: 'its schedule has 3 steps for 4 retries',
        fix: 'let its retrySchedule in lib/config.ts have a step for each, or leave its deliveryLimit out',
      },
    ]);
  });

  it('is refused when a step is longer than SQS hides a message', () => {
    expect(refused(2, 0, 900, 3 * DAY, '15,43200')).toEqual([]);
    expect(refused(2, 0, 900, 3 * DAY, '15,43201')).toMatchObject([{ problem: expect.stringContaining('43201 s') }]);
  });

  it('is not asked for where messages are meant to go', () => {
    const { app, cfnFunction } = wellFormedApp();
    cfnFunction.environment = { variables: { DELIVERY_LIMIT: '9', RETRY_MIN_SECONDS: '1', RETRY_MAX_SECONDS: '900' } };
    expect(violationsIn(app)).toEqual([]);
  });
});
