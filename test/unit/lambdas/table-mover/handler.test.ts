import type { DeclaredMove } from '../../../../lambdas/shared/table-moves/env.ts';
import type { Move } from '../../../../lambdas/shared/table-moves/move.ts';
import { createHandler } from '../../../../lambdas/table-mover/handler.ts';
import { CountingMeter, rejectionOf, silentLog } from '../builders.ts';
import { createMemoryMove, keys, moveRow, operator, startedAt } from './memory-move.ts';
import { atOnce } from './virtual-world.ts';

const declared = ['Orders', 'Ledger'].map(
  (table): DeclaredMove => ({ table, target: 'Moved', keys, sourceName: table, targetName: `${table}-moved` }),
);
const minutesLater = (minutes: number) => new Date(startedAt.getTime() + minutes * 60_000);

/** A mover of two tables, ten minutes after their writes were closed. */
function given(...rows: readonly Move[]) {
  const kept = new Map(rows.map((row) => [row.table, row]));
  const meter = new CountingMeter();
  const handler = createHandler({
    declared,
    moves: {
      find: async (table) => kept.get(table),
      save: async (row) => {
        kept.set(row.table, row);
        return row;
      },
    },
    tablesOf: () => createMemoryMove(atOnce, 0).tables(),
    roughCount: async () => 0,
    schemaProblems: async () => [],
    times: { maxAgeMs: 5_000, longestRequestMs: 7_000, followerMs: 10_000, closedAtMostMs: 600_000 },
    workMs: 1_000,
    leaseMs: 1_000,
    pageSize: 10,
    newId: () => 'run-1',
    now: () => minutesLater(10),
    sleep: async () => {},
    log: silentLog,
    meter,
  });
  return { kept, meter, handler, run: () => handler({ source: 'aws.events' }) };
}

describe('the mover, once a minute', () => {
  const closing = moveRow({ table: 'Ledger', step: 'closing', closed_at: startedAt.toISOString() });

  it('works at every move, though one of them fails, and fails then', async () => {
    const { kept, run } = given(moveRow({ table: 'Orders', target: 'Elsewhere' }), closing);

    expect(String(await rejectionOf(run()))).toContain('declare it as it was');
    expect(kept.get('Ledger')).toMatchObject({ step: 'reading', comparison: { phase: 'finished' } });
  });

  it('tells when it opens writes where they were', async () => {
    const { meter, run } = given(closing);

    await run();

    expect(meter.counts).toEqual([['WritesReopened', {}]]);
  });
});

describe('the mover, while its schedule does not run', () => {
  it('opens writes on the other side for whoever asks for a step, when nothing else is left', async () => {
    const sealed = {
      step: 'closing' as const,
      closed_at: startedAt.toISOString(),
      sealed_at: minutesLater(2).toISOString(),
    };
    const { kept, handler } = given(moveRow({ table: 'Ledger', ...sealed, following: 'none' }));

    const asked = handler({ act: 'back', table: 'Ledger', seen: 'closing', operator });

    expect(await asked).toEqual({ outcome: 'refused', reason: 'the move of Ledger is written meanwhile' });
    expect(kept.get('Ledger')).toMatchObject({ step: 'written', following: 'target' });
  });
});
