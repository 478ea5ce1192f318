import type { Ring } from '../../../rabbitmq/partitions/ring.ts';
import { type Assignment, checkLines, type Known, type PartitionTimes } from './assignment.ts';
import type { PartitionStore } from './partition-store.ts';

export interface AssignmentReaderDeps {
  readonly ring: Ring;
  /** Of an exchange nobody has ever changed. */
  readonly initial: number;
  readonly store: Pick<PartitionStore, 'read'>;
  readonly times: Pick<PartitionTimes, 'maxAgeMs'>;
  readonly now: () => Date;
}

/** One process's view of an exchange's assignment. */
export interface AssignmentReader {
  /** At most `maxAgeMs` old when it returns. Throws what the store throws, and a `PartitionsChangedError`. */
  recent(): Promise<Known>;
  /** As it is now. */
  fresh(): Promise<Known>;
}

export function createAssignmentReader({ ring, initial, store, times, now }: AssignmentReaderDeps): AssignmentReader {
  let last: { readonly askedAt: number; readonly known: Known } | undefined;
  let asked: Promise<Known> | undefined;

  async function fresh(): Promise<Known> {
    // Its age is counted from before it was asked: what the answer says may be as old as that.
    const askedAt = now().getTime();
    const known = await store.read(ring.exchange, firstAssignment(ring, initial));
    checkLines(ring.exchange.name, known.assignment.lines, ring.lines);
    // What is dated later was read later, or before the clock was set back.
    if (!last || last.askedAt <= askedAt || last.askedAt > now().getTime()) last = { askedAt, known };
    return known;
  }

  const isRecent = (): boolean => {
    const age = last ? now().getTime() - last.askedAt : -1;
    return age >= 0 && age < times.maxAgeMs;
  };

  return {
    fresh,
    async recent() {
      while (!isRecent()) {
        // Those who ask at the same moment ask once.
        asked ??= fresh().finally(() => {
          asked = undefined;
        });
        await asked;
      }
      if (!last) throw new Error('read, and not known');
      return last.known;
    },
  };
}

export function firstAssignment({ lines }: Pick<Ring, 'lines'>, initial: number): Assignment {
  return { lines, steps: [{ active: initial, declared: lines.length, switchAt: 0, markedAt: 0, drainedAt: 0 }] };
}
