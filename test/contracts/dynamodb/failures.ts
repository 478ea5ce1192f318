import { randomUUID } from 'node:crypto';
import type { Failures } from '../../../lambdas/shared/consumer/failures.ts';
import type { Check } from '../check.ts';

export function failuresContract(create: () => Failures, check: Check = it): void {
  describe('failures of an event', () => {
    check('are counted from one, for each event by itself, until they are forgotten', async () => {
      const failures = create();
      const [one, other] = [randomUUID(), randomUUID()];

      expect([await failures.count(one), await failures.add(one), await failures.add(one)]).toEqual([0, 1, 2]);
      expect(await failures.add(other)).toBe(1);
      expect(await failures.count(one)).toBe(2);
      await failures.forget(one);
      expect([await failures.count(one), await failures.count(other)]).toEqual([0, 1]);
    });

    check('are all counted when they happen at the same moment, and each is told its own number', async () => {
      const failures = create();
      const event = randomUUID();

      const counts = await Promise.all(Array.from({ length: 20 }, () => failures.add(event)));

      expect(counts.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    });

    check('may be forgotten where there are none', async () => {
      await expect(create().forget(randomUUID())).resolves.toBeUndefined();
    });
  });
}
