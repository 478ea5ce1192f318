import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { FOLDER } from '../../local/ministack.ts';

/** Milliseconds between two kills. Where each begins anew before it has begun nothing is ever done. */
export interface KillPause {
  readonly least: number;
  readonly most: number;
}

export interface Killing {
  /** Processes that were killed. */
  readonly kills: () => number;
  /** Resolves when no more are killed. */
  stop(): Promise<void>;
}

/**
 * Kills processes of deployed functions with SIGKILL, one after another, at random and at random times: whatever they are at is not done, not
 * told, and comes again. Only those of this project's local AWS, which runs each function as a process of its own. The first one is killed as
 * soon as it is seen: a short run could be over before a random time.
 */
export function killAtRandom(
  functionNames: readonly string[],
  random: () => number,
  { least, most }: KillPause = { least: 150, most: 1_000 },
): Killing {
  let kills = 0;
  const stop = new AbortController();
  const killing = (async () => {
    while (!stop.signal.aborted) {
      await sleep(kills === 0 ? 20 : least + random() * (most - least), undefined, { signal: stop.signal }).catch(
        () => {},
      );
      const running = processesOf(functionNames);
      const pid = running[Math.floor(random() * running.length)];
      if (!stop.signal.aborted && pid !== undefined && hasKilled(pid)) kills++;
    }
  })();
  return {
    kills: () => kills,
    async stop() {
      stop.abort();
      await killing;
    },
  };
}

function hasKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
    return false;
  }
}

function processesOf(functionNames: readonly string[]): number[] {
  const all = execFileSync('ps', ['-ww', '-e', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 32 * 1024 * 1024 });
  return all.split('\n').flatMap((line) => {
    const isOne = functionNames.some((name) => line.includes(`${FOLDER}/ministack-lambda-${name}`));
    return isOne ? [Number.parseInt(line, 10)] : [];
  });
}
