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

  add(fate: Fate, line: number, text?: string): void {
    this.counts.set(fate, this.of(fate) + 1);
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

  /** The most frequent first. */
  get reasons(): readonly Reason[] {
    return [...this.byText.values()].sort((one, other) => other.count - one.count);
  }
}
