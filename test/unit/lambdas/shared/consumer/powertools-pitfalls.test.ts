import { bodyOf, delivered, loopOnFakes } from './record-loop-on-fakes.ts';

// docs/powertools.md lists them all.
describe('the pitfalls of Powertools Idempotency', () => {
  it.each([0, -1])(
    'P2 a remaining time of %i ms locks without an end, or not at all: no record is begun with it',
    async (left) => {
      const begun: number[] = [];
      const { run, outcomes } = loopOnFakes(async ({ body }) => void begun.push(body.n), { leftMs: () => left });

      expect(await run(delivered('1', bodyOf(1)))).toEqual(['1']);
      expect(begun).toEqual([]);
      expect(outcomes()).toEqual(['postponed']);
    },
  );
});
