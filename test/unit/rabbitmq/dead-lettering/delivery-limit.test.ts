import { isOverDeliveryLimit } from '../../../../rabbitmq/dead-lettering/delivery-limit.ts';
import type { Dialect } from '../../../../rabbitmq/dialect.ts';

describe('a message that came back', () => {
  const isOver = (returned: number, failed: number, dialect: Dialect, deliveryLimit: number | undefined = 2): boolean =>
    isOverDeliveryLimit({ deliveryLimit }, { returned, failed }, dialect);

  it.each(['3.13', '4.0', '4.3'] as const)('is delivered N + 1 times, in dialect %s (rule 4.8.6)', (dialect) => {
    expect([isOver(1, 1, dialect), isOver(2, 2, dialect), isOver(3, 3, dialect)]).toEqual([false, false, true]);
    expect(isOver(1, 1, dialect, 0)).toBe(true);
  });

  it('counts however it came back before 4.3 (rule 4.8.5)', () => {
    expect([isOver(3, 0, '3.13'), isOver(3, 0, '4.0')]).toEqual([true, true]);
  });

  it('counts only when it failed since 4.3 (rules 4.8.3, 4.8.4)', () => {
    expect([isOver(12, 0, '4.3'), isOver(12, 2, '4.3'), isOver(12, 3, '4.3')]).toEqual([false, false, true]);
  });

  it('comes for ever where there is no limit (rule 4.8.7)', () => {
    const unlimited = { deliveryLimit: undefined };

    expect(isOverDeliveryLimit(unlimited, { returned: 1000, failed: 1000 }, '4.3')).toBe(false);
  });
});
