import { workAt } from '../../../../lambdas/table-mover/work.ts';
import { CountingMeter, silentLog } from '../builders.ts';
import { createMemoryMove, itemOf, moveRow } from './memory-move.ts';
import { atOnce } from './virtual-world.ts';

describe('copying', () => {
  it.each([1, 10, 50])('keeps a rate of %s items a second also in a short run', async (rate) => {
    const memory = createMemoryMove(atOnce, 0);
    for (let at = 0; at < 400; at++) {
      const key = { out_trade_no: String(at) };
      memory.put('source', { key, item: itemOf(key, 'PAYING') });
    }
    memory.row = moveRow({ rate, copy: { phase: 'copy', copied: 0, newer: 0, pruned: 0 } });
    let time = 0;

    await workAt('Orders', 5_000, {
      moves: memory.moves(),
      tables: memory.tables(),
      times: { maxAgeMs: 5_000, longestRequestMs: 7_000, followerMs: 10_000, closedAtMostMs: 600_000 },
      pageSize: 100,
      leaseMs: 65_000,
      newId: () => 'run-1',
      now: () => time,
      sleep: async (milliseconds) => {
        time += milliseconds;
      },
      log: silentLog,
      meter: new CountingMeter(),
    });

    expect(memory.row.copy.copied).toBe(5 * rate);
  });
});
