import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { withLock } from '../../../local/lock.mjs';

let folder = '';
let lock = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warren-lock-'));
  lock = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const heldBy = (pid: number) => {
  mkdirSync(lock);
  writeFileSync(join(lock, String(pid)), '');
};

it('lets one in at a time, and the next when the first is done', async () => {
  const order: string[] = [];
  const turn = (name: string) => async () => {
    order.push(`${name} in`);
    await new Promise((resolve) => setTimeout(resolve, 250));
    order.push(`${name} out`);
  };

  await Promise.all([withLock(lock, () => {}, turn('first')), withLock(lock, () => {}, turn('second'))]);

  expect(order).toEqual(['first in', 'first out', 'second in', 'second out']);
});

it('takes over from an owner that is dead, without waiting', async () => {
  const onWait = jest.fn();
  heldBy(2 ** 30); // above every system's highest pid

  await expect(withLock(lock, onWait, async () => 'done')).resolves.toBe('done');
  expect(onWait).not.toHaveBeenCalled();
});

it('takes over a lock that an earlier process of its own pid left behind, as containers have them', async () => {
  const onWait = jest.fn();
  heldBy(process.pid);

  await expect(withLock(lock, onWait, async () => 'done')).resolves.toBe('done');
  expect(onWait).not.toHaveBeenCalled();
});

it('says once for whom it waits', async () => {
  const onWait = jest.fn();
  heldBy(process.ppid);
  setTimeout(() => rmSync(lock, { recursive: true }), 250);

  await withLock(lock, onWait, async () => {});

  expect(onWait.mock.calls).toEqual([[process.ppid]]);
});

it('is free again after an error', async () => {
  await expect(
    withLock(
      lock,
      () => {},
      () => Promise.reject(new Error('broken')),
    ),
  ).rejects.toThrow('broken');

  expect(existsSync(lock)).toBe(false);
});
