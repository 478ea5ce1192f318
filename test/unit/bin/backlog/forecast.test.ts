import {
  earlyForecast,
  type Forecast,
  forecast,
  forecastError,
  type Sample,
} from '../../../../bin/warren/backlog/forecast.ts';
import { seededRandom } from '../../../../bin/warren/random.ts';

/** A look every five seconds, the first at the backlog's beginning. */
function looks(count: number, backlogAt: (seconds: number) => number): Sample[] {
  return Array.from({ length: count }, (_, at) => ({ atMs: 1_000_000 + at * 5_000, backlog: backlogAt(at * 5) }));
}

function seconds(one: Forecast): number {
  if (one.kind !== 'drains') throw new Error(`It ${one.kind}s.`);
  return one.seconds;
}

describe('the forecast of a backlog', () => {
  it('says when it is empty, if it goes on shrinking as it does', () => {
    expect(forecast(looks(5, (at) => 1_000 - 10 * at))).toEqual({ kind: 'drains', net: -10, seconds: 80 });
  });

  it('is never, of a backlog that grows', () => {
    expect(forecast(looks(5, (at) => 1_000 + 3 * at))).toEqual({ kind: 'never', net: 3 });
  });

  it('is never, of a backlog that stays as it is', () => {
    expect(forecast(looks(30, () => 1_000))).toEqual({ kind: 'never', net: 0 });
    expect(forecast(looks(5, () => 1_000))).toEqual({ kind: 'unclear' });
  });

  it('tells what is served apart from what arrives, where that is known', () => {
    expect(
      forecast(
        looks(5, (at) => 1_000 - 10 * at),
        25,
      ),
    ).toMatchObject({ net: -10, arriving: 25, served: 35 });
  });

  it('is not made of too few looks, nor of looks at one moment', () => {
    expect(forecast([])).toEqual({ kind: 'unclear' });
    expect(forecast(looks(3, (at) => 100 - at))).toEqual({ kind: 'unclear' });
    expect(forecast(Array(5).fill({ atMs: 1, backlog: 7 }))).toEqual({ kind: 'unclear' });
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is right to a tenth although counts are off by up to 3 %% (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const noisy = looks(24, (at) => Math.round((20_000 - 100 * at) * (0.97 + 0.06 * random())));

    const left = (noisy.at(-1)?.backlog ?? 0) / 100;
    expect(Math.abs(seconds(forecast(noisy)) / left - 1)).toBeLessThan(0.1);
  });

  it('is made although nothing was handled at first, because functions started up', () => {
    const samples = looks(9, (at) => (at < 15 ? 2_000 : 2_000 - 40 * (at - 15)));

    expect(forecast(samples)).toMatchObject({ kind: 'drains', net: -40 });
  });

  it('is not moved by one count that is far off', () => {
    const samples = looks(12, (at) => (at === 25 ? 0 : 2_000 - 10 * at));

    expect(forecast(samples)).toMatchObject({ kind: 'drains', net: -10 });
  });

  it('is hardly ever made up from noise around a level, and never in the long run', () => {
    const noise = (seed: number, count: number) => {
      const random = seededRandom(seed);
      return forecast(looks(count, () => 950 + Math.round(100 * random()))).kind;
    };
    const seeds = Array.from({ length: 200 }, (_, seed) => seed);

    expect(seeds.filter((seed) => noise(seed, 8) === 'drains').length).toBeLessThan(8);
    expect(seeds.filter((seed) => noise(seed, 30) !== 'never')).toEqual([]);
  });

  it('goes by the last looks: what was slow before is over', () => {
    const samples = looks(60, (at) => (at < 150 ? 10_000 : 10_000 - 50 * (at - 150)));

    expect(forecast(samples)).toMatchObject({ kind: 'drains', net: -50 });
  });
});

describe('the forecast that is judged at the end', () => {
  const drains: Forecast = { kind: 'drains', net: -10, seconds: 90 };

  it('is the first after a tenth of the backlog is gone, and no later one', () => {
    const samples = looks(4, (at) => 1_000 - 10 * at);
    expect(earlyForecast(samples.slice(0, 2), drains, undefined)).toBeUndefined();

    const early = earlyForecast(
      looks(3, (at) => 1_000 - 10 * at),
      drains,
      undefined,
    );
    expect(early).toEqual({ atMs: 1_010_000, seconds: 90 });
    expect(earlyForecast(samples, { ...drains, seconds: 1 }, early)).toBe(early);
  });

  it('is not one that says nothing', () => {
    expect(
      earlyForecast(
        looks(9, (at) => 1_000 - 10 * at),
        { kind: 'unclear' },
        undefined,
      ),
    ).toBeUndefined();
  });

  it('is off by what it took, from when it was made', () => {
    expect(forecastError({ atMs: 1_000, seconds: 90 }, 101_000)).toEqual({
      forecastSeconds: 90,
      tookSeconds: 100,
      error: -0.1,
    });
  });
});
