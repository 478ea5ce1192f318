import type { Hold, HoldsForRelay, HoldsForSweep } from '../../../lambdas/shared/outbox/holds.ts';
import type { Check } from '../check.ts';

const start = new Date('2026-11-23T02:00:00Z');
const later = new Date('2026-11-23T02:10:00Z');

/** What `HoldsForRelay` and `HoldsForSweep` promise together; `create` makes them on a clock, and on what they keep holds in. */
export function holdsContract(create: (now: () => Date) => HoldsForRelay & HoldsForSweep, check: Check = it): void {
  let time = start;
  const holds = create(() => time);
  beforeEach(() => {
    time = start;
  });

  async function holdOf(aggregate: string): Promise<Hold | undefined> {
    for await (const page of holds.all()) {
      const found = page.find((hold) => hold.aggregate === aggregate);
      if (found) return found;
    }
    return undefined;
  }

  async function existing(aggregate: string): Promise<Hold> {
    const hold = await holdOf(aggregate);
    if (!hold) throw new Error(`${aggregate} is not held`);
    return hold;
  }

  describe('an aggregate that is held', () => {
    check('keeps who waits in order, and the time of the first', async () => {
      await holds.hold('order', ['1', '2']);
      time = later;
      await holds.hold('order', ['3']);
      await holds.begin('order', ['9']);

      expect(await holds.waitBehind('order', ['4'])).toBe(true);
      expect(await existing('order')).toMatchObject({ since: start, waiting: ['1', '2', '3', '4'] });
      expect(await holds.heldOf(['order', 'nobody'])).toEqual(new Set(['order']));
    });

    check('is made by the sweep where there is none, and by nobody who only wants to wait', async () => {
      expect(await holds.waitBehind('begun', ['2'])).toBe(false);
      await holds.begin('begun', ['1']);

      expect(await existing('begun')).toMatchObject({ waiting: ['1'] });
      expect(await holds.waitBehind('begun', ['2'])).toBe(true);
      expect(await existing('begun')).toMatchObject({ waiting: ['1', '2'] });
    });

    check('ends when nobody waits any more; who comes then need not wait', async () => {
      await holds.hold('done', ['1']);

      await holds.settle(await existing('done'), [], true);

      expect(await holdOf('done')).toBeUndefined();
      expect(await holds.waitBehind('done', ['2'])).toBe(false);
    });

    check('does not end, and forgets nobody, when somebody came to wait meanwhile', async () => {
      await holds.hold('busy', ['1']);
      const seen = await existing('busy');
      await holds.waitBehind('busy', ['2']);

      await holds.settle(seen, [], true);
      await holds.settle(seen, ['1'], true);

      expect(await existing('busy')).toMatchObject({ waiting: ['1', '2'] });
    });

    check('is shortened by what is done, and its time starts anew only then', async () => {
      await holds.hold('slow', ['1', '2', '3']);
      time = later;

      await holds.settle(await existing('slow'), ['1', '2', '3'], false);
      expect(await existing('slow')).toMatchObject({ since: start, waiting: ['1', '2', '3'] });
      await holds.settle(await existing('slow'), ['2', '3'], true);
      expect(await existing('slow')).toMatchObject({ since: later, waiting: ['2', '3'] });
    });

    check('keeps everybody who comes to wait at the same moment', async () => {
      await holds.begin('crowd', []);

      await Promise.all(Array.from({ length: 20 }, (_, at) => holds.waitBehind('crowd', [String(at)])));

      const { waiting } = await existing('crowd');
      expect(waiting.toSorted()).toEqual(Array.from({ length: 20 }, (_, at) => String(at)).sort());
    });
  });
}
