/** Numbers that belong to whoever took them: `first`, and the `size - 1` after it. */
export interface Segment {
  readonly first: number;
  readonly size: number;
}

/** Sequences of whole numbers from 0 on, each by its name. */
export interface Segments {
  /**
   * The next numbers of a sequence. Nobody else MUST ever get one of them, whoever asks at the same moment, and whatever becomes of whoever asked: an
   * answer that is lost leaves a gap.
   */
  take(sequence: string, size: number): Promise<Segment>;
  /** How many numbers of a sequence are taken so far: all below that. */
  taken(sequence: string): Promise<number>;
}
