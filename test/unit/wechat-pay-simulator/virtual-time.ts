import { setImmediate } from 'node:timers/promises';
import type { Time } from '../../../local/wechat-pay-simulator/time.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Jumps from one sleeper's end to the next, whenever nothing else is left to do. */
export class VirtualTime implements Time {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();
  /** What was slept, in ms, in order of its begin; what was cut short too. */
  readonly slept: number[] = [];

  constructor(start = '2026-11-23T02:00:00Z') {
    this.#now = Date.parse(start);
  }

  now = (): Date => new Date(this.#now);

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(new DOMException('ended', 'AbortError'));
      });
    });
  }

  async until(holds: () => boolean): Promise<void> {
    for (;;) {
      // Promises that depend on each other, and no real I/O.
      for (let turn = 0; turn < 5; turn++) await setImmediate();
      if (holds()) return;
      const [next] = [...this.#sleepers].sort((a, b) => a.at - b.at);
      if (!next) throw new Error('nothing sleeps any more, and it does not hold');
      this.#sleepers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}
