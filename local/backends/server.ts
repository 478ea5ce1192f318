import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../lock.mjs';
import { HOST } from '../ministack.ts';
import { paths } from '../paths.ts';
import { endGroup, endingWithUs } from '../processes.ts';

export interface Server {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 120_000;

export class ServerStartError extends Error {
  override readonly name = 'ServerStartError';

  constructor(name: string, reason: string, logFile: string) {
    const end = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
    super(`${name} did not start: ${reason}. Log: ${logFile}, at its end:\n${end}`);
  }
}

/** Starts a program that serves on a port of this machine alone, and answers when it answers. It ends with us, however we end (but by SIGKILL). */
export async function startServer(name: string, command: string, argsFor: (port: number) => string[]): Promise<Server> {
  const port = await freePort();
  const logFile = join(paths.logs, `${name}.log`);
  const pid = spawnServer(command, argsFor(port), logFile);
  const stopped = Promise.withResolvers<void>();
  void endingWithUs(pid, () => stopped.promise);
  const stop = async (): Promise<void> => {
    await endGroup(pid);
    stopped.resolve();
  };
  const endpoint = `http://${HOST}:${port}`;
  const outcome = await waitUntilReady(pid, endpoint);
  if (outcome === 'ready') return { endpoint, stop };
  await stop();
  throw new ServerStartError(name, outcome, logFile);
}

function spawnServer(command: string, args: readonly string[], logFile: string): number {
  mkdirSync(paths.logs, { recursive: true });
  const log = openSync(logFile, 'w');
  try {
    const child = spawn(command, args, { stdio: ['ignore', log, log], detached: true });
    // A failed start has no pid; without a listener the event would end us first.
    child.on('error', () => {});
    child.unref();
    if (child.pid === undefined) throw new Error(`${command} cannot be started`);
    return child.pid;
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(pid: number, endpoint: string): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (!isAlive(pid)) return 'it ended by itself';
    if (await answers(endpoint)) return 'ready';
    await sleep(100);
  }
  return `no answer within ${START_TIMEOUT_MS / 1_000} s`;
}

/** With any status: what it says to a GET is its own affair. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, HOST, () => {
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
