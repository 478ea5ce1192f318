import type { Io } from '../io.ts';
import { count, messages } from './count.ts';
import type { Tally } from './tally.ts';

export interface Progress {
  /** `bytesRead`: of the input, as far as its messages are settled. */
  show(bytesRead: number): void;
  end(): void;
}

const redrawMs = 100;
const firstLineMs = 5_000;
const nextLineMs = 15_000;
const clearLine = '\r\u001b[K';
const barWidth = 24;

export interface ProgressOptions {
  readonly stderr: Io['stderr'];
  readonly tally: Tally;
  /** Of the input. Absent: nobody knows. */
  readonly totalBytes?: number | undefined;
  /** In milliseconds. */
  readonly now: () => number;
}

/** A live line with a bar on a terminal; in a log file a line now and then. On stderr: stdout is the summary's. */
export function createProgress({ stderr, tally, totalBytes, now }: ProgressOptions): Progress {
  const isLive = stderr.isTTY === true;
  const started = now();
  let next = started + (isLive ? 0 : firstLineMs);

  function text(bytesRead: number): string {
    const share = totalBytes === undefined ? undefined : Math.min(1, bytesRead / Math.max(1, totalBytes));
    const done = share === undefined ? '' : `${isLive ? `${bar(share)} ` : ''}${Math.floor(share * 100)} %, `;
    const rate = tally.total / Math.max(0.001, (now() - started) / 1000);
    const open = tally.unconfirmed === 0 ? '' : `, ${count(tally.unconfirmed)} not confirmed`;
    return `${done}${messages(tally.total)}${open}, ${count(Math.round(rate))}/s`;
  }

  return {
    show(bytesRead) {
      if (now() < next) return;
      next = now() + (isLive ? redrawMs : nextLineMs);
      // A line that wraps could not be taken back.
      stderr.write(
        isLive ? `${clearLine}${text(bytesRead).slice(0, (stderr.columns || 80) - 1)}` : `… ${text(bytesRead)}\n`,
      );
    },
    end() {
      if (isLive) stderr.write(clearLine);
    },
  };
}

function bar(share: number): string {
  const filled = Math.floor(share * barWidth);
  return '█'.repeat(filled) + '░'.repeat(barWidth - filled);
}
