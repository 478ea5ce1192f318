// Plain JavaScript, because setup.mjs needs it before anything is installed.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What renaming onto a directory with something in it is answered with. */
const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', ...(process.platform === 'win32' ? ['EPERM', 'EACCES'] : [])]);

/** The locks this very process holds: one of them with our pid is taken, any other with our pid was left behind. */
const held = new Set();

/**
 * Runs `work` while no other process holds the lock directory `lock`; `onWait` hears once whom we wait for.
 * The directory holds one file, named after its owner's pid: a waiter that finds the owner dead removes that file and no
 * other, so two waiters can never remove a lock that a third has just taken.
 */
export async function withLock(lock, onWait, work) {
  let waitingFor;
  while (!take(lock)) {
    const owner = ownerOf(lock);
    if (owner === undefined || isStale(lock, owner)) release(lock, owner);
    else if (owner !== waitingFor) onWait(owner);
    waitingFor = owner;
    await sleep(100);
  }
  held.add(lock);
  try {
    return await work();
  } finally {
    held.delete(lock);
    release(lock, process.pid);
  }
}

/** In containers an earlier process often had the pid we have. */
function isStale(lock, owner) {
  return owner === process.pid ? !held.has(lock) : !isAlive(owner);
}

/** A process that has ended but was never waited for (a zombie, common in containers) still answers signal 0. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

/** Filled first and then renamed into place, so that a lock never exists without its owner's name. */
function take(lock) {
  const mine = `${lock}.${process.pid}`;
  rmSync(mine, { recursive: true, force: true });
  mkdirSync(mine, { recursive: true });
  writeFileSync(join(mine, String(process.pid)), '');
  try {
    renameSync(mine, lock);
    return true;
  } catch (error) {
    rmSync(mine, { recursive: true, force: true });
    if (TAKEN.has(error.code)) return false;
    throw error;
  }
}

function ownerOf(lock) {
  try {
    const name = readdirSync(lock)[0];
    return name === undefined ? undefined : Number(name);
  } catch {
    return undefined;
  }
}

function release(lock, owner) {
  if (owner !== undefined) rmSync(join(lock, String(owner)), { force: true });
  try {
    rmdirSync(lock);
  } catch {
    // Gone already, or taken by somebody else in the meantime: theirs to keep.
  }
}
