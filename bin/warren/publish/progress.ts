import type { Io } from '../io.ts';
import { count, messages } from './count.ts';
import type { Tally } from './tally.ts';

export interface Progress {
  /** `done`: of the total. */
  show(done: number): void;
  end(): void;
}

const redrawMs = 100;
const firstLineMs = 5_000;
const nextLineMs = 15_000;
const clearLine = '\r\u001b[K';
const barWidth = 24;

export interface ProgressOptions {
  readonly stderr: Io['stderr'];
  /** What to say behind how much is done. */
  readonly text: (seconds: number) => string;
  /** Bytes of the input, or whatever is counted. Absent: nobody knows. */
  readonly total?: number | undefined;
  /** In milliseconds. */
  readonly now: () => number;
}

/** A live line with a bar on a terminal; in a log file a line now and then. On stderr: stdout is the summary's. */
export function createProgress({ stderr, text, total, now }: ProgressOptions): Progress {
  const isLive = stderr.isTTY === true;
  const started = now();
  let next = started + (isLive ? 0 : firstLineMs);

  function line(soFar: number): string {
    const share = total === undefined ? undefined : Math.min(1, soFar / Math.max(1, total));
    const done = share === undefined ? '' : `${isLive ? `${bar(share)} ` : ''}${Math.floor(share * 100)} %, `;
    return `${done}${text((now() - started) / 1000)}`;
  }

  return {
    show(soFar) {
      if (now() < next) return;
      next = now() + (isLive ? redrawMs : nextLineMs);
      // A line that wraps could not be taken back.
      stderr.write(isLive ? clearLine + line(soFar).slice(0, (stderr.columns || 80) - 1) : `… ${line(soFar)}\n`);
    },
    end() {
      if (isLive) stderr.write(clearLine);
    },
  };
}

/** What is published so far. */
export function publishedText(tally: Tally, seconds: number): string {
  const perSecond = Math.round(tally.published / Math.max(0.001, seconds));
  const open = tally.unconfirmed === 0 ? '' : `, ${count(tally.unconfirmed)} not confirmed`;
  return `${messages(tally.total)}${open}, ${count(perSecond)}/s`;
}

function bar(share: number): string {
  const filled = Math.floor(share * barWidth);
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled);
}
