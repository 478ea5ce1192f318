import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { paths } from './paths.ts';
import {
  startValkeyServer,
  stopValkeyServer,
  urlOf,
  type ValkeyServer,
  valkeyAnswers,
  valkeyBinary,
  valkeyServerSchema,
} from './valkey-server.ts';

export interface LocalValkey {
  readonly url: string;
  /** Ends what `ensureValkey` started here; one that ran before, or is VALKEY_URL's, goes on. */
  stop(): Promise<void>;
}

export class ValkeySilentError extends Error {
  override readonly name = 'ValkeySilentError';

  constructor(host: string) {
    super(
      `No Valkey answers at ${host} (VALKEY_URL), or not with this password. Start it there, or unset the variable.`,
    );
  }
}

/**
 * The Valkey that VALKEY_URL names, else ours that runs already, else a new one. Undefined where none can be: the example's order cache is a table
 * then. So it is behind AWS_ENDPOINT_URL, whose functions may run where our loopback is not theirs.
 */
export async function ensureValkey(): Promise<LocalValkey | undefined> {
  const url = process.env['VALKEY_URL'];
  if (url) return givenValkey(url);
  if (process.env['AWS_ENDPOINT_URL'] || valkeyBinary() === undefined) return undefined;

  return alone(async () => {
    const known = noted();
    if (known && (await valkeyAnswers(urlOf(known)))) return { url: urlOf(known), stop: async () => {} };
    // It may hang rather than be gone.
    if (known) await forget(known);
    const started = await startValkeyServer();
    writeFileSync(paths.valkey, `${JSON.stringify(started)}\n`, { mode: 0o600 });
    return {
      url: urlOf(started),
      stop: () => alone(async () => (noted()?.id === started.id ? forget(started) : undefined)),
    };
  });
}

/** Ends ours, if it runs. */
export async function stopValkey(): Promise<void> {
  await alone(async () => {
    const known = noted();
    if (known) await forget(known);
  });
}

async function givenValkey(url: string): Promise<LocalValkey> {
  if (!(await valkeyAnswers(url)))
    throw new ValkeySilentError(URL.canParse(url) ? new URL(url).host : 'what is no URL');
  return { url, stop: async () => {} };
}

async function forget(server: ValkeyServer): Promise<void> {
  await stopValkeyServer(server);
  rmSync(paths.valkey, { force: true });
}

/** What the last start wrote down; nothing when there is no such file or it is not readable as one. */
function noted(): ValkeyServer | undefined {
  try {
    return valkeyServerSchema.parse(JSON.parse(readFileSync(paths.valkey, 'utf8')));
  } catch {
    return undefined;
  }
}

function alone<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(paths.local, { recursive: true });
  const waiting = (pid: number) => process.stderr.write(`… process ${pid} is starting Valkey, waiting for it\n`);
  return withLock(paths.valkeyLock, waiting, work);
}
