import type { Segment, Segments } from '../../../../../lambdas/shared/sequences/segments.ts';

/** Sequences as the port asks for them, and how often they were asked. */
export class MemorySegments implements Segments {
  writes = 0;
  /** The next so many fail. */
  failures = 0;
  private readonly sequences = new Map<string, number>();

  async take(sequence: string, size: number): Promise<Segment> {
    this.writes += 1;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('down');
    }
    const first = this.sequences.get(sequence) ?? 0;
    this.sequences.set(sequence, first + size);
    return { first, size };
  }

  async taken(sequence: string): Promise<number> {
    return this.sequences.get(sequence) ?? 0;
  }
}
