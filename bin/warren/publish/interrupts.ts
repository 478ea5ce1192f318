import type { Io } from '../io.ts';
import type { Interrupts } from './options.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** One Ctrl-C comes as two signals, from the terminal and from whoever started us. */
const samePressMs = 500;

/** Ctrl-C once lets the request that is under way end, so that it is known what became of it; twice gives it up. */
export function listenForInterrupts(
  { stderr }: Pick<Io, 'stderr'>,
  now: () => number = Date.now,
  whatOfTheRest = 'the rest is written down',
): Interrupts {
  const [stop, giveUp] = [new AbortController(), new AbortController()];
  let stoppedAt = 0;
  function onSignal(signal: NodeJS.Signals): void {
    if (!stop.signal.aborted) {
      stoppedAt = now();
      stop.abort();
      stderr.write(`\nStopping: the request under way is waited for, ${whatOfTheRest}. Ctrl-C again gives it up.\n`);
    } else if (signal !== 'SIGHUP' && now() - stoppedAt > samePressMs) {
      giveUp.abort();
    }
  }
  for (const signal of signals) process.on(signal, onSignal);
  return {
    stop: stop.signal,
    giveUp: giveUp.signal,
    release() {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
