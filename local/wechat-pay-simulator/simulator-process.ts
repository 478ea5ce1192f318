import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Emulator } from '../emulator.ts';
import { isAlive, withLock } from '../lock.mjs';
import { paths } from '../paths.ts';
import { type MerchantKeys, readMerchantKeys } from './merchant-keys.ts';

const noteSchema = z.object({
  pid: z.int().positive(),
  url: z.url(),
  /** Of the keys it signs with. */
  serial: z.string(),
  /** It ends with this process. */
  watched: z.int().positive(),
});
type WechatPayNote = z.infer<typeof noteSchema>;

/** Where WeChat Pay's API is reached, and the keys of both ends. */
export interface RunningWechatPay {
  readonly url: string;
  readonly keys: MerchantKeys;
}

/**
 * The local WeChat Pay: the one that runs already, else a new one with new keys, which ends with the local AWS. Of an emulator whose process
 * is not known, with this command.
 */
export function ensureWechatPay({ pid: emulator = process.pid }: Pick<Emulator, 'pid'>): Promise<RunningWechatPay> {
  mkdirSync(paths.logs, { recursive: true });
  return withLock(
    `${paths.wechatPay}.lock`,
    () => {},
    async () => {
      const known = noted();
      const keys = notedKeys();
      if (known && known.watched === emulator && isAlive(known.pid)) {
        if (keys?.serial === known.serial) return { url: known.url, keys };
        // Its keys are noted nowhere any more: nobody could verify what it signs.
        process.kill(known.pid);
      }
      const started = await start(emulator);
      writeFileSync(paths.wechatPay, `${JSON.stringify(started)}\n`);
      return { url: started.url, keys: readMerchantKeys(paths.simulatorKeys) };
    },
  );
}

/** Throws when none was started here. */
export function wechatPayUrl(): string {
  const note = noted();
  if (!note) throw new Error('no WeChat Pay is up: npm start starts it');
  return note.url;
}

async function start(watched: number): Promise<WechatPayNote> {
  const log = openSync(paths.wechatPayLog, 'w');
  try {
    const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`, String(watched)], {
      stdio: ['ignore', log, log, 'ipc'],
      detached: true,
    });
    const [said] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`WeChat Pay did not start. Log: ${paths.wechatPayLog}`))),
    ]);
    child.disconnect();
    child.unref();
    return noteSchema.parse({ ...Object(said), pid: child.pid, watched });
  } finally {
    closeSync(log);
  }
}

function noted(): WechatPayNote | undefined {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(paths.wechatPay, 'utf8')));
  } catch {
    return undefined;
  }
}

function notedKeys(): MerchantKeys | undefined {
  try {
    return readMerchantKeys(paths.simulatorKeys);
  } catch {
    return undefined;
  }
}
