import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  startValkeyServer,
  stopValkeyServer,
  urlOf,
  type ValkeyServer,
  valkeyBinary,
  valkeyServerSchema,
} from '../../local/valkey-server.ts';

/** Where the tests' own Valkey is noted: they kill and restart it, which the one of `npm start` must not suffer. */
const note = path.join(import.meta.dirname, '../../.local/integration/valkey.json');

/** Whether there can be one: functions of somebody else's emulator may not reach our loopback. */
export const hasTestValkey = !process.env['AWS_ENDPOINT_URL'] && valkeyBinary() !== undefined;

/** Starts the one that the deployed functions use; its URL. Ends one that an earlier run left. */
export async function startTestValkey(): Promise<string | undefined> {
  await stopTestValkey();
  if (!hasTestValkey) return undefined;
  return urlOf(await noting(startValkeyServer()));
}

export async function stopTestValkey(): Promise<void> {
  const server = noted();
  if (server) await stopValkeyServer(server);
  rmSync(note, { force: true });
}

/** Empty when there is none. */
export function testValkeyUrl(): string {
  const server = noted();
  return server ? urlOf(server) : '';
}

/** As a node that fails: all that it held is gone. */
export async function killTestValkey(): Promise<void> {
  await stopValkeyServer(running());
}

/** An empty one, where the killed one was. */
export async function restartTestValkey(): Promise<void> {
  await noting(startValkeyServer(running()));
}

function running(): ValkeyServer {
  const server = noted();
  if (!server) throw new Error('the tests have no Valkey: it is started before the integration tests');
  return server;
}

function noted(): ValkeyServer | undefined {
  try {
    return valkeyServerSchema.parse(JSON.parse(readFileSync(note, 'utf8')));
  } catch {
    return undefined;
  }
}

async function noting(starting: Promise<ValkeyServer>): Promise<ValkeyServer> {
  const server = await starting;
  mkdirSync(path.dirname(note), { recursive: true });
  writeFileSync(note, JSON.stringify(server));
  return server;
}
