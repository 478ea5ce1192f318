import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { LOCAL_ACCOUNT, LOCAL_REGION } from './aws-environment.ts';
import { isAlive } from './lock.mjs';
import { paths } from './paths.ts';
import { commandLine, endGroup, endingWithUs } from './processes.ts';

export const HOST = '127.0.0.1';
const FIRST_PORT = 4566;
const PORTS_TRIED = 20;
const START_TIMEOUT_MS = 30_000;

/**
 * Its temporary files, Lambda code among them. Not in the project: a function that finds our node_modules above its code
 * hides that its bundle lacks a package. One name per project, so that the next start clears what a crash left.
 */
export const FOLDER = join(
  tmpdir(),
  `warren-ministack-${createHash('sha256').update(paths.project).digest('hex').slice(0, 12)}`,
);

/** A MiniStack of ours. `id` is on its command line and in its health answer, so no other can be taken for it. */
export const ministackSchema = z.object({
  pid: z.int().positive(),
  port: z.int().positive(),
  id: z.string().startsWith('warren-'),
  startedAt: z.iso.datetime(),
});
export type Ministack = z.infer<typeof ministackSchema>;

export class EmulatorStartError extends Error {
  override readonly name = 'EmulatorStartError';

  constructor(reason: string, log: string) {
    super(`MiniStack did not start: ${reason}. Log: ${paths.emulatorLog}, at its end:\n${log}`);
  }
}

/** What its functions run with besides what they are given. */
export interface FunctionsRun {
  /** Where their `node` is looked for first. */
  readonly path: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Starts one on the first free port and resolves when it answers. The caller holds the lock and notes it down. */
export async function startMinistack(functions?: FunctionsRun): Promise<Ministack> {
  for (const file of [paths.python, paths.node24])
    if (!existsSync(file)) throw new Error(`${file} is missing. Run npm run setup first.`);
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TRIED; port += 1) {
    if (await somebodyListens(port)) continue;
    const started = await startOn(port, functions);
    if (started !== 'port taken') return started;
  }
  throw new Error(`Ports ${FIRST_PORT} to ${FIRST_PORT + PORTS_TRIED - 1} are all in use: no place for the local AWS.`);
}

/** Whether it answers, on its port, as itself. */
export async function isReady({ port, id }: Pick<Ministack, 'port' | 'id'>): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(2_000);
    const ready = await fetch(`http://${HOST}:${port}/_ministack/ready`, { signal });
    if (!ready.ok) return false;
    const health = await fetch(`http://${HOST}:${port}/_ministack/health`, { signal });
    return healthSchema.parse(await health.json()).edition === id;
  } catch {
    return false;
  }
}

const healthSchema = z.object({ edition: z.string() });

export async function stopMinistack(ministack: Ministack): Promise<'stopped' | 'not-running'> {
  const running = await isOurs(ministack);
  if (running) await endGroup(ministack.pid);
  rmSync(FOLDER, { recursive: true, force: true });
  return running ? 'stopped' : 'not-running';
}

/** The pid alone proves nothing: the system may have given it to another process since. */
async function isOurs(ministack: Ministack): Promise<boolean> {
  return commandLine(ministack.pid)?.includes(ministack.id) ?? (await isReady(ministack));
}

async function startOn(port: number, functions: FunctionsRun | undefined): Promise<Ministack | 'port taken'> {
  const id = `warren-${randomUUID()}`;
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { mode: 0o700 });
  const pid = spawnMinistack(port, id, functions);
  const outcome = await endingWithUs(pid, () => waitUntilReady(pid, port, id));
  if (outcome === 'ready') return { pid, port, id, startedAt: new Date().toISOString() };

  await endGroup(pid);
  rmSync(FOLDER, { recursive: true, force: true });
  const log = readFileSync(paths.emulatorLog, 'utf8').trimEnd();
  if (outcome === 'ended' && /already in use/i.test(log)) return 'port taken';
  const reason = outcome === 'ended' ? 'it ended by itself' : `no answer within ${START_TIMEOUT_MS / 1_000} s`;
  throw new EmulatorStartError(reason, log.split('\n').slice(-10).join('\n'));
}

function spawnMinistack(port: number, id: string, functions: FunctionsRun | undefined): number {
  mkdirSync(paths.logs, { recursive: true });
  const log = openSync(paths.emulatorLog, 'w');
  try {
    // -X takes any name: here it only puts our id on the command line.
    const child = spawn(paths.python, ['-X', id, '-m', 'ministack'], {
      cwd: FOLDER,
      env: { ...environment(port, id, functions?.path), ...functions?.variables },
      stdio: ['ignore', log, log],
      detached: true,
    });
    // A failed start has no pid, and says so below; without a listener the event would end us first.
    child.on('error', () => {});
    child.unref();
    if (child.pid === undefined) throw new Error(`${paths.python} cannot be started. Run npm run setup first.`);
    return child.pid;
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(pid: number, port: number, id: string): Promise<'ready' | 'ended' | 'timeout'> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (!isAlive(pid)) return 'ended';
    if (await isReady({ port, id })) return 'ready';
    await sleep(50);
  }
  return 'timeout';
}

/** Nothing of the user's own: Lambda functions inherit it all, and MiniStack reads some 100 variables. */
function environment(port: number, id: string, nodeBefore?: string): Record<string, string> {
  const windows = Object.entries(process.env).filter(([name]) => /^(SystemRoot|PATHEXT|ComSpec)$/i.test(name));
  return {
    ...Object.fromEntries(windows.map(([name, value]) => [name, value ?? ''])),
    // Functions run on the first `node` in here.
    PATH: [...(nodeBefore === undefined ? [] : [nodeBefore]), paths.node24, process.env['PATH'] ?? ''].join(delimiter),
    HOME: FOLDER,
    TMPDIR: FOLDER,
    TEMP: FOLDER,
    TMP: FOLDER,
    LANG: 'C.UTF-8',
    TZ: 'UTC', // as in AWS Lambda
    PYTHONUNBUFFERED: '1',
    BIND_HOST: HOST, // the default is every interface, and anybody may reset it
    GATEWAY_PORT: String(port),
    MINISTACK_ACCOUNT_ID: LOCAL_ACCOUNT,
    MINISTACK_REGION: LOCAL_REGION,
    MINISTACK_EDITION: id, // a label that its health answer repeats
    PERSIST_STATE: '0',
    S3_PERSIST: '0',
    STATE_DIR: join(FOLDER, 'state'),
    S3_DATA_DIR: join(FOLDER, 's3'),
    LAMBDA_EXECUTOR: 'local',
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
  };
}

function somebodyListens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const answer = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
