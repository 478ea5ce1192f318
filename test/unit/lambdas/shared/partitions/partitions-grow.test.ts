import { partitionTimes } from '../../../../../lambdas/shared/partitions/assignment.ts';
import { back, type ResizeDeps, resize } from '../../../../../lambdas/shared/partitions/resize.ts';
import { isMarker } from '../../../../../lambdas/shared/partitions/stamp.ts';
import { type SimulationOptions, simulate } from './simulation.ts';

/** MESSAGES=20000 KEYS=500 for the whole number. */
const messages = Number(process.env['MESSAGES'] ?? 1_500);
const keys = Number(process.env['KEYS'] ?? 50);
/** On a machine that is busy with others. */
const patienceMs = 600_000;
const seeds = (process.env['SEEDS'] ?? '1,2,3').split(',').map(Number);

function growAndShrink(run: ReturnType<typeof simulate>) {
  return async () => {
    await run.clock.sleep(20_000);
    await run.untilItEnds((deps) => resize(deps, 7));
    await run.untilItEnds((deps) => resize(deps, 3));
  };
}

/** Lets the command die as soon as it has noted that every marker is sent. */
function dyingWhenMarked(run: ReturnType<typeof simulate>): ResizeDeps {
  return {
    ...run.command,
    async sleep(milliseconds) {
      const isMarked = run.store.assignment?.steps.at(-1)?.markedAt !== undefined;
      if (isMarked) throw new Error('died');
      await run.clock.sleep(milliseconds);
    },
  };
}

describe('partitions that grow from 4 to 7 and shrink to 3 while traffic flows', () => {
  it.each(seeds)(
    'handle every message of each key in order, although consumers, publishers and the command fail (seed %d)',
    async (seed) => {
      const run = simulate({ seed, messages, keys });

      await run.play(growAndShrink(run));

      if (process.env['MESSAGES']) process.stderr.write(`${JSON.stringify({ seed, messages, keys, ...run.counts })}\n`);
      expect(run.outOfOrder()).toEqual([]);
      expect(run.buried).toEqual([]);
      expect(run.store.assignment?.steps.map(({ active }) => active)).toEqual([4, 7, 3]);
      expect(run.counts.deaths).toBeGreaterThan(0);
      expect(run.counts.unknown).toBeGreaterThan(0);
    },
    patienceMs,
  );

  it.each(seeds)(
    'go back in the middle of a step, and keep the order (seed %d)',
    async (seed) => {
      const run = simulate({ seed, messages, keys });

      await run.play(async () => {
        await run.clock.sleep(20_000);
        await expect(resize(dyingWhenMarked(run), 7)).rejects.toThrow('died');
        await run.untilItEnds(back);
        await run.untilItEnds((deps) => resize(deps, 3));
      });

      expect(run.outOfOrder()).toEqual([]);
      expect(run.buried).toEqual([]);
      expect(run.store.assignment?.steps.map(({ active }) => active)).toEqual([4, 7, 4, 3]);
    },
    patienceMs,
  );

  it.each(seeds)(
    'do so although the markers of a step get lost (seed %d)',
    async (seed) => {
      const run = simulate({ seed, messages, keys });

      await run.play(async () => {
        await run.clock.sleep(20_000);
        await expect(resize(dyingWhenMarked(run), 7)).rejects.toThrow('died');
        run.loseMarkers();
        await run.untilItEnds(back);
      });

      expect(run.outOfOrder()).toEqual([]);
      expect(run.buried).toEqual([]);
    },
    patienceMs,
  );
});

describe('the simulation sees order that is lost', () => {
  const broken: Readonly<Record<string, Partial<SimulationOptions>>> = {
    'when nothing waits for what is left in the old partition': {
      guard: ({ startInvocation, judge }) => ({
        startInvocation,
        async judge(record) {
          const judgement = await judge(record);
          return judgement === 'held' && !isMarker(record) ? 'go' : judgement;
        },
      }),
    },
    'when a step takes effect before every publisher knows of it': {
      commandsTimes: { ...partitionTimes, maxAgeMs: -3 * partitionTimes.skewMs - partitionTimes.marginMs },
    },
    'when markers are sent before the last message of the old assignment': {
      commandsTimes: { ...partitionTimes, sendMs: -partitionTimes.maxAgeMs - 7_000 },
    },
    'when publishers believe an assignment for ever': {
      publishersTimes: { ...partitionTimes, maxAgeMs: 600_000 },
    },
    'when only some groups have a marker': { marked: ({ group }) => Number.parseInt(group, 10) % 4 === 0 },
  };

  it.each(Object.entries(broken))(
    '%s',
    async (_, options) => {
      const seen: string[] = [];
      for (let seed = 1; seed <= 6 && seen.length === 0; seed++) {
        const run = simulate({ seed, messages: 1_500, keys: 10, ...options });
        await run.play(growAndShrink(run), 1_200_000);
        // What came too late is no longer handled out of order: it is an exception.
        seen.push(...run.outOfOrder(), ...run.buried);
      }
      expect(seen).not.toEqual([]);
    },
    patienceMs,
  );
});
