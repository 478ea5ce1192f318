import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Emulator } from '../emulator.ts';
import { isAlive, withLock } from '../lock.mjs';
import { paths } from '../paths.ts';

const noteSchema = z.object({
  pid: z.int().positive(),
  url: z.url(),
  /** It ends with this process. */
  watched: z.int().positive(),
});
type MerchantNote = z.infer<typeof noteSchema>;

/**
 * Where the merchant listens that orders are fulfilled by: the one that runs already, else a new one, which ends with the local AWS. Of an
 * emulator whose process is not known, with this command.
 */
export function ensureMerchant({ pid: emulator = process.pid }: Pick<Emulator, 'pid'>): Promise<string> {
  mkdirSync(paths.logs, { recursive: true });
  return withLock(
    `${paths.merchant}.lock`,
    () => {},
    async () => {
      const known = noted();
      if (known && known.watched === emulator && isAlive(known.pid)) return known.url;
      const started = await start(emulator);
      writeFileSync(paths.merchant, `${JSON.stringify(started)}\n`);
      return started.url;
    },
  );
}

/** Throws when none was started here. */
export function merchantUrl(): string {
  const note = noted();
  if (!note) throw new Error('no merchant is up: npm start starts it');
  return note.url;
}

async function start(watched: number): Promise<MerchantNote> {
  const log = openSync(paths.merchantLog, 'w');
  try {
    const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`, String(watched)], {
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    const [said] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() =>
        Promise.reject(new Error(`The merchant did not start. Log: ${paths.merchantLog}`)),
      ),
    ]);
    child.disconnect();
    child.unref();
    return noteSchema.parse({ ...Object(said), pid: child.pid, watched });
  } finally {
    closeSync(log);
  }
}

function noted(): MerchantNote | undefined {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(paths.merchant, 'utf8')));
  } catch {
    return undefined;
  }
}
