/** Something that waits for WeChat Pay's word. */
export interface DueItem {
  /** As the index has it: it may have moved on since. */
  readonly item: Readonly<Record<string, unknown>>;
  readonly agenda_at: string;
  readonly created_at: string | undefined;
  /** How often WeChat Pay was asked about it. */
  readonly asked: number;
}

/** What waits, the longest waiting first in each part of the index. */
export interface Due {
  /** Some of what has waited since then or longer. */
  list(until: Date): Promise<DueItem[]>;
  /**
   * It waits until then from now on, whatever comes of asking: whoever dies over it does not come back to it at once. False, and nothing is
   * changed, when somebody else has claimed it, or it waits no more.
   */
  claim(due: DueItem, next: Date): Promise<boolean>;
}

export interface Waits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Since when it counts as waiting, asked for the nth time: so that it is due, `firstMs` after that, twice as far away each time. */
export function waitsFrom(now: Date, asked: number, { firstMs, longestMs }: Waits): Date {
  const waitMs = Math.min(longestMs, firstMs * 2 ** Math.min(asked, 30));
  return new Date(now.getTime() + Math.max(0, waitMs - firstMs));
}
