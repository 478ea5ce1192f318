import { createProgress } from '../publish/progress.ts';
import type { Mapping, OperatorRun } from './stage.ts';

const lookEveryMs = 1_000;
/** Lambda takes up to a few minutes to start or end its pollers. */
const patienceMs = 5 * 60_000;

/** Of mappings that are waited for. */
export interface Settled {
  readonly mappings: readonly Mapping[];
  /** Whether all of them came to it; else somebody did not want to wait, or it took too long. */
  readonly isReached: boolean;
}

/** Looks until Lambda has carried out what was asked of the mappings, with a line of progress. */
export async function settled(
  ids: readonly string[],
  isReached: (mapping: Mapping) => boolean,
  { stage, io, deps }: OperatorRun,
  stop: AbortSignal,
): Promise<Settled> {
  const until = deps.now() + patienceMs;
  let mappings: readonly Mapping[] = [];
  const text = (seconds: number) => `${statesOf(mappings)}, ${Math.round(seconds)} s`;
  const progress = createProgress({ stderr: io.stderr, text, now: deps.now });
  try {
    for (;;) {
      mappings = await Promise.all(ids.map((id) => stage.mappings.get(id)));
      if (mappings.every(isReached)) return { mappings, isReached: true };
      if (stop.aborted || deps.now() >= until) return { mappings, isReached: false };
      progress.show(0);
      await deps.pause(lookEveryMs, stop);
    }
  } finally {
    progress.end();
  }
}

/** Each state once. */
export function statesOf(mappings: readonly Mapping[]): string {
  return [...new Set(mappings.map(({ state }) => state))].join(' and ');
}
