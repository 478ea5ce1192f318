import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Emulator } from './emulator.ts';
import { isAlive, withLock } from './lock.mjs';
import { paths } from './paths.ts';

export interface BesideEmulator<Said> {
  /** For people: "The merchant". */
  readonly name: string;
  /** Where its note lies, and its log. */
  readonly note: string;
  readonly log: string;
  /** `node main PID`: ends with the process PID, and tells its parent what `said` reads. */
  readonly main: string;
  readonly said: z.ZodType<Said>;
  /** Of one that runs already: false ends it, and a new one is started. Default: it is. */
  readonly isFit?: (said: Said) => boolean;
}

/** A process of its own that ends with the local AWS, so that several commands use the same one. */
export function besideEmulator<Said>({ name, note, log, main, said, isFit = () => true }: BesideEmulator<Said>) {
  // `watched`: it ends with this process.
  const noteSchema = z.object({ pid: z.int().positive(), watched: z.int().positive(), said });

  return {
    /** The one that runs already, else a new one. Of an emulator whose process is not known, it ends with this command. */
    ensure({ pid: emulator = process.pid }: Pick<Emulator, 'pid'>): Promise<Said> {
      mkdirSync(paths.logs, { recursive: true });
      return withLock(
        `${note}.lock`,
        () => {},
        async () => {
          const known = noted();
          if (known && known.watched === emulator && isAlive(known.pid)) {
            if (isFit(known.said)) return known.said;
            process.kill(known.pid);
          }
          const started = await start(emulator);
          writeFileSync(note, `${JSON.stringify(started)}\n`);
          return started.said;
        },
      );
    },
    /** What the last one that was started here has said. */
    said: (): Said | undefined => noted()?.said,
  };

  async function start(watched: number) {
    const file = openSync(log, 'w');
    try {
      const child = spawn(process.execPath, [main, String(watched)], {
        stdio: ['ignore', file, file, 'ipc'],
        detached: true,
      });
      const [told] = await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(() => Promise.reject(new Error(`${name} did not start. Log: ${log}`))),
      ]);
      child.disconnect();
      child.unref();
      return noteSchema.parse({ said: told, pid: child.pid, watched });
    } finally {
      closeSync(file);
    }
  }

  function noted() {
    try {
      return noteSchema.parse(JSON.parse(readFileSync(note, 'utf8')));
    } catch {
      return undefined;
    }
  }
}
