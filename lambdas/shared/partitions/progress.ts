import type { Place, Ring } from '../../../rabbitmq/partitions/ring.ts';
import type { Known } from './assignment.ts';
import { placeName } from './partition-store.ts';

/** How far one step is. */
export interface Progress {
  readonly version: number;
  readonly from: number;
  readonly to: number;
  /** It takes the step before it back. */
  readonly isBack: boolean;
  /** When it takes effect; milliseconds since 1970. */
  readonly switchAt: number;
  /** `announced`: publishers learn of it. `draining`: keys that move wait for what is left where they were. */
  readonly phase: 'announced' | 'draining' | 'drained';
  /** Of each partition that keys leave: groups that are drained, of so many. */
  readonly queues: readonly { readonly queue: string; readonly drained: number; readonly groups: number }[];
}

/** How far each step is that is not drained; the last one in any case. */
export function progressOf(ring: Ring, known: Known): Progress[] {
  const { steps } = known.assignment;
  return steps.flatMap((step, version) => {
    const before = steps[version - 1];
    if (!before || (step.drainedAt !== undefined && version < steps.length - 1)) return [];
    const places = Map.groupBy(ring.left(before, step), ({ queue }) => queue);
    return {
      version,
      from: before.active,
      to: step.active,
      isBack: step.isBack === true,
      switchAt: step.switchAt,
      phase: step.drainedAt !== undefined ? 'drained' : step.markedAt === undefined ? 'announced' : 'draining',
      queues: [...places].map(([queue, some]) => ({
        queue,
        groups: some.length,
        drained: step.drainedAt !== undefined ? some.length : some.length - undrained(known, version, some).length,
      })),
    } as const;
  });
}

/** Those whose marker of that step nobody has handled yet. */
export function undrained({ drained }: Known, version: number, places: readonly Place[]): Place[] {
  return places.filter((place) => !drained.get(version)?.has(placeName(place)));
}
