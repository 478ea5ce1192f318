import type { Segment, Segments } from './segments.ts';

export interface AllocatorOptions {
  readonly segments: Segments;
  readonly sequence: string;
  /** Numbers for one write. Of so many, and of as many again, those are lost that a process has left when it ends. */
  readonly segmentSize: number;
  /** With so many left the next segment is fetched beforehand, so that nobody waits for it. Default: half of a segment. */
  readonly refillAt?: number;
}

/** Gives each number of a sequence to nobody twice. */
export interface Allocator {
  /** Within one process each is higher than the one before. Throws what the store of segments throws. */
  next(): Promise<number>;
}

/**
 * Hands out numbers from memory, a segment at a time. It needs no clock and no id of its own: a process that is frozen, thawed, copied before it has taken
 * a segment, or killed gives no number twice. What it has in memory goes with it.
 */
export function createAllocator({
  segments,
  sequence,
  segmentSize,
  refillAt = Math.floor(segmentSize / 2),
}: AllocatorOptions): Allocator {
  let next = 0;
  let end = 0;
  let coming: Promise<Segment> | undefined;

  /** One at a time. One that fails is forgotten: whoever needs it asks again. */
  function refill(): Promise<Segment> {
    if (coming) return coming;
    const fetched = segments.take(sequence, segmentSize);
    coming = fetched;
    fetched.catch(() => {
      if (coming === fetched) coming = undefined;
    });
    return fetched;
  }

  return {
    async next() {
      while (next === end) {
        const fetched = refill();
        const { first, size } = await fetched;
        // Of all who waited for it the first takes it over.
        if (coming === fetched) {
          coming = undefined;
          next = first;
          end = first + size;
        }
      }
      const number = next++;
      if (end - next <= refillAt) refill();
      return number;
    },
  };
}
