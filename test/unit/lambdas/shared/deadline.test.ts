import { deadlineOf, settlementDeadlineOf } from '../../../../lambdas/shared/deadline.ts';
import { pause } from '../../../../lambdas/shared/pause.ts';
import { lambdaContext } from '../builders.ts';

/** After how many milliseconds a function with so much time left gives up. */
function givesUpAfter(remainingMs: number, deadline = deadlineOf): number {
  let asked = Number.NaN;
  deadline(lambdaContext(remainingMs), (milliseconds) => {
    asked = milliseconds;
    return AbortSignal.abort();
  });
  return asked;
}

describe('the deadline of a function', () => {
  it.each([
    [3_000, 2_700],
    [5_000, 4_500],
    [30_000, 28_000],
    [900_000, 898_000],
    [0, 0],
    [-5, 0],
  ])('with %i ms left comes after %i ms, so that the answer leaves in time', (remaining, after) => {
    expect(givesUpAfter(remaining)).toBe(after);
  });
});

describe('the deadline for handing records back', () => {
  it.each([
    [3_000, 2_850],
    [30_000, 29_000],
    [900_000, 899_000],
    [-5, 0],
  ])('with %i ms left comes after %i ms: after the one of the work, before the end', (remaining, after) => {
    expect(givesUpAfter(remaining, settlementDeadlineOf)).toBe(after);
  });
});

describe('a pause', () => {
  it('ends at the deadline, without an error', async () => {
    const time = new AbortController();
    const paused = pause(60_000, time.signal);
    time.abort();

    await expect(paused).resolves.toBeUndefined();
    await expect(pause(60_000, AbortSignal.abort())).resolves.toBeUndefined();
  });
});
