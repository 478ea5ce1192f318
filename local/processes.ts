import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './lock.mjs';

/**
 * Signals a process that was started with `detached: true` and all it has started: its group has its pid as name.
 * Windows has no groups, but its taskkill follows the tree.
 */
export function killGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    if (process.platform === 'win32') execFileSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-pid, signal);
  } catch {
    // Gone already, which is what was wanted.
  }
}

/** SIGTERM, some time to end well, then SIGKILL for whatever of the group is left, even if its first process ended. */
export async function endGroup(pid: number, graceMs = 5_000): Promise<void> {
  killGroup(pid, 'SIGTERM');
  await ended(pid, graceMs);
  killGroup(pid, 'SIGKILL');
  await ended(pid, 1_000);
}

async function ended(pid: number, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (isAlive(pid) && Date.now() < deadline) await sleep(20);
}

/** While `work` runs, the group of `pid` ends when we do: by Ctrl-C, a signal, an error or an exit (not by SIGKILL). */
export async function endingWithUs<T>(pid: number, work: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const kill = () => killGroup(pid, 'SIGKILL');
  const onSignal = (signal: NodeJS.Signals) => {
    kill();
    stopListening();
    // Our listener took the place of the default, which is to end: without any other listener, that is still meant.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };
  const stopListening = () => {
    process.off('exit', kill);
    for (const signal of signals) process.off(signal, onSignal);
  };
  process.on('exit', kill);
  for (const signal of signals) process.on(signal, onSignal);
  try {
    return await work();
  } finally {
    stopListening();
  }
}

/** Empty for a process that is gone (or a zombie), undefined where the system does not tell. */
export function commandLine(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
