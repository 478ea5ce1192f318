/** Time that goes on only when everybody waits for it. */
export class VirtualClock {
  private time = Date.UTC(2026, 10, 28);
  private readonly waiting: { at: number; wake: () => void }[] = [];

  now(skewMs = 0): Date {
    return new Date(this.time + skewMs);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => this.at(milliseconds, wake));
  }

  /** Aborts after so long. */
  timeout(milliseconds: number): AbortSignal {
    const controller = new AbortController();
    this.at(milliseconds, () => controller.abort());
    return controller.signal;
  }

  /** Until it is done; throws when nobody waits for anything any more, or after so much time. */
  async run(isDone: () => boolean, mostMs: number): Promise<void> {
    const end = this.time + mostMs;
    for (;;) {
      await new Promise((settled) => setImmediate(settled));
      if (isDone()) return;
      const next = this.waiting.shift();
      if (!next || next.at > end) throw new Error(next ? `not done after ${mostMs} ms` : 'nobody waits for anything');
      this.time = next.at;
      next.wake();
    }
  }

  /** Sorted by time; of those at one time the first one first. */
  private at(milliseconds: number, wake: () => void): void {
    const at = this.time + Math.max(0, milliseconds);
    let [from, to] = [0, this.waiting.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if ((this.waiting[middle]?.at ?? 0) <= at) from = middle + 1;
      else to = middle;
    }
    this.waiting.splice(from, 0, { at, wake });
  }
}
