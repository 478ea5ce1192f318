import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { refuseRealAws } from './aws-environment.ts';
import { withLock } from './lock.mjs';
import {
  type FunctionsRun,
  HOST,
  isReady,
  type Ministack,
  ministackSchema,
  startMinistack,
  stopMinistack,
} from './ministack.ts';
import { paths } from './paths.ts';

export type Emulator = {
  readonly endpoint: string;
  readonly startedHere: boolean;
  /** Given by AWS_ENDPOINT_URL: not ours to start or stop. */
  readonly external: boolean;
  /** Its process; not known of one that is external. */
  readonly pid: number | undefined;
  /** Ends what `ensureEmulator` started here; one that ran before, or is external, goes on. */
  stop(): Promise<void>;
};

export class EndpointSilentError extends Error {
  override readonly name = 'EndpointSilentError';
  readonly endpoint: string;

  constructor(endpoint: string, cause: unknown) {
    super(`Nothing answers at ${endpoint} (AWS_ENDPOINT_URL). Start the emulator there, or unset the variable.`, {
      cause,
    });
    this.endpoint = endpoint;
  }
}

/** The local AWS: the one AWS_ENDPOINT_URL names, else ours that runs already, else a new MiniStack, with `functions`. */
export async function ensureEmulator(functions?: FunctionsRun): Promise<Emulator> {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (endpoint) return externalEmulator(endpoint);

  return alone(async () => {
    const known = noted();
    if (known && (await isReady(known))) return ourEmulator(known, false);
    // It may hang rather than be gone: two of ours would fight over the note.
    if (known) await forget(known);
    const started = await startMinistack(functions);
    writeFileSync(paths.emulator, `${JSON.stringify(started)}\n`);
    return ourEmulator(started, true);
  });
}

/** Where the local AWS answers that runs already; starts none. */
export async function runningEndpoint(): Promise<string | undefined> {
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (endpoint) return (await externalEmulator(endpoint)).endpoint;
  const known = noted();
  return known && (await isReady(known)) ? ourEmulator(known, false).endpoint : undefined;
}

export async function stopEmulator(): Promise<'stopped' | 'not-running'> {
  return alone(async () => {
    const known = noted();
    return known ? forget(known) : 'not-running';
  });
}

async function externalEmulator(endpoint: string): Promise<Emulator> {
  refuseRealAws(endpoint);
  try {
    // Any answer will do, an error status too: not every emulator has a health page.
    await fetch(new URL('/_localstack/health', endpoint), { signal: AbortSignal.timeout(5_000) });
  } catch (cause) {
    throw new EndpointSilentError(endpoint, cause);
  }
  return { endpoint, startedHere: false, external: true, pid: undefined, stop: async () => {} };
}

function ourEmulator(ministack: Ministack, startedHere: boolean): Emulator {
  return {
    endpoint: `http://${HOST}:${ministack.port}`,
    startedHere,
    external: false,
    pid: ministack.pid,
    stop: async () => {
      if (startedHere) await alone(async () => (noted()?.id === ministack.id ? forget(ministack) : undefined));
    },
  };
}

async function forget(ministack: Ministack): Promise<'stopped' | 'not-running'> {
  const outcome = await stopMinistack(ministack);
  rmSync(paths.emulator, { force: true });
  return outcome;
}

/** What the last start wrote down; nothing when there is no such file or it is not readable as one. */
function noted(): Ministack | undefined {
  try {
    return ministackSchema.parse(JSON.parse(readFileSync(paths.emulator, 'utf8')));
  } catch {
    return undefined;
  }
}

/** `npm start` in one terminal and `npm test` in another must not both start one. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  mkdirSync(paths.local, { recursive: true });
  const waiting = (pid: number) => process.stderr.write(`… process ${pid} is starting the local AWS, waiting for it\n`);
  return withLock(paths.emulatorLock, waiting, work);
}
