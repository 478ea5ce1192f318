import { workAt } from '../../../../lambdas/table-mover/work.ts';
import { CountingMeter, silentLog } from '../builders.ts';
import { createMemoryMove, itemOf, moveRow } from './memory-move.ts';
import { atOnce } from './virtual-world.ts';

/** Until this time runs work. */
const deadline = 5_000;

function workDeps(memory: ReturnType<typeof createMemoryMove>) {
  let time = 0;
  return {
    moves: memory.moves(),
    tables: memory.tables(),
    times: { maxAgeMs: 5_000, longestRequestMs: 7_000, followerMs: 10_000, closedAtMostMs: 600_000 },
    pageSize: 100,
    leaseMs: 65_000,
    newId: () => 'run-1',
    now: () => time,
    sleep: async (milliseconds: number) => {
      time += milliseconds;
    },
    log: silentLog,
    meter: new CountingMeter(),
  };
}

describe('copying', () => {
  it('is left to whoever is at it, until that one must be dead', async () => {
    const memory = createMemoryMove(atOnce, 0);
    const key = { out_trade_no: '1' };
    memory.put('source', { key, item: itemOf(key, 'PAYING') });
    const heldUntil = (until: number) =>
      moveRow({
        copy: { phase: 'copy', copied: 0, newer: 0, pruned: 0 },
        lease: { id: 'run-0', until: new Date(until).toISOString() },
      });

    memory.row = heldUntil(1);
    await workAt('Orders', deadline, workDeps(memory));
    expect(memory.row.copy.copied).toBe(0);

    memory.row = heldUntil(0);
    await workAt('Orders', deadline, workDeps(memory));
    expect(memory.row.copy.copied).toBe(1);
  });

  it.each([1, 10, 50])('keeps a rate of %s items a second also in a short run', async (rate) => {
    const memory = createMemoryMove(atOnce, 0);
    for (let at = 0; at < 400; at++) {
      const key = { out_trade_no: String(at) };
      memory.put('source', { key, item: itemOf(key, 'PAYING') });
    }
    memory.row = moveRow({ rate, copy: { phase: 'copy', copied: 0, newer: 0, pruned: 0 } });

    await workAt('Orders', deadline, workDeps(memory));

    expect(memory.row.copy.copied).toBe((deadline / 1_000) * rate);
  });
});
