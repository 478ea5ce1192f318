/** What becomes of a message, for whoever published it. `returned`: acked, but mandatory and in no queue. */
export type Fate = 'acked' | 'returned' | 'nacked' | 'unknown' | 'not-published' | 'invalid';

export interface Reason {
  readonly fate: Fate;
  readonly text: string;
  readonly count: number;
  /** Of the first message it is about. */
  readonly line: number;
}

/** Beyond so many different ones, reasons are only counted. */
const mostReasons = 10;

/** Counts what became of messages, and why. */
export class Tally {
  private readonly counts = new Map<Fate, number>();
  private readonly byText = new Map<string, Reason>();
  /** Acked, not mandatory, and in no queue: gone, as in RabbitMQ. */
  unroutable = 0;

  /** What was said instead of `tx.commit-ok`, and how often. */
  readonly incomplete = new Map<string, number>();
  private readonly toRepair: number[] = [];

  /** MUST be called in the order in which what is not confirmed is written down. */
  add(fate: Fate, line: number, text?: string, needsRepair = false): void {
    this.counts.set(fate, this.of(fate) + 1);
    if (needsRepair) this.toRepair.push(this.unconfirmed);
    if (text === undefined) return;
    const key = `${fate} ${text}`;
    const known = this.byText.get(key);
    if (known) this.byText.set(key, { ...known, count: known.count + 1 });
    else if (this.byText.size < mostReasons) this.byText.set(key, { fate, text, count: 1, line });
  }

  of(fate: Fate): number {
    return this.counts.get(fate) ?? 0;
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Requests were made for so many. */
  get published(): number {
    return this.total - this.of('not-published') - this.of('invalid');
  }

  /** Everything but what is acked and was not handed back. */
  get unconfirmed(): number {
    return this.total - this.of('acked');
  }

  /** Lines of the file of what is not confirmed, from 1, that would fail again as they are. */
  get repairs(): readonly number[] {
    return this.toRepair;
  }

  addIncomplete(text: string): void {
    this.incomplete.set(text, (this.incomplete.get(text) ?? 0) + 1);
  }

  /** The most frequent first. */
  get reasons(): readonly Reason[] {
    return [...this.byText.values()].sort((one, other) => other.count - one.count);
  }
}
