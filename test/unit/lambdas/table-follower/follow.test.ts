import type { DeclaredMove } from '../../../../lambdas/shared/table-moves/env.ts';
import type { Move, Side } from '../../../../lambdas/shared/table-moves/move.ts';
import { OtherMoveError } from '../../../../lambdas/shared/table-moves/other-move.ts';
import { follow } from '../../../../lambdas/table-follower/follow.ts';
import { rejectionOf } from '../builders.ts';
import { createMemoryMove, itemOf, keys, moveRow } from '../table-mover/memory-move.ts';
import { atOnce } from '../table-mover/virtual-world.ts';

const declared: DeclaredMove = { table: 'Orders', target: 'Moved', keys, sourceName: 'orders', targetName: 'moved' };
const key = { out_trade_no: '1' };
const closed_at = '2026-11-28T10:00:00.000Z';

/** An order that one side has as PAID, after PAYING, and the other too; its follower is told so only now. */
function given(side: Side, row: Partial<Move>) {
  const memory = createMemoryMove(atOnce, 0);
  const other: Side = side === 'source' ? 'target' : 'source';
  for (const state of ['PAYING', 'PAID']) memory.put(side, { key, item: itemOf(key, state) });
  const [changes, rest] = [memory.streams[side].slice(0, 1), memory.streams[side].slice(1)];
  memory.put(other, { key, item: itemOf(key, 'PAID') });
  memory.row = moveRow({ following: side, ...row });
  const told = (some: typeof changes) =>
    follow({ move: declared, side, changes: some }, { moves: memory.moves(), tables: memory.tables() });
  const copy = () => [...memory.items[other].values()].map((item) => item['value']?.S);
  return { memory, told, copy, changes, rest };
}

describe.each([
  ['source', 'closing'],
  ['target', 'returning'],
] as const)('a follower of the %s that lags', (side, step) => {
  it('undoes nothing that was compared while writes were closed, though nobody follows what comes next', async () => {
    const { memory, told, copy, changes, rest } = given(side, { step, closed_at });

    await told(changes);
    memory.row = moveRow({ step, closed_at, following: 'none', sealed_at: closed_at });

    expect(await told(rest)).toMatchObject({ left: 1 });
    expect(copy()).toEqual(['PAID']);
  });

  it('copies nothing that was created and is gone again', async () => {
    const { memory, told, copy, changes } = given(side, { step, closed_at });
    for (const one of ['source', 'target'] as const) memory.put(one, { key, item: undefined });

    await told(changes);

    expect(copy()).toEqual([]);
  });
});

describe('a follower', () => {
  it('goes by the order of the stream while writes are open, and reads nothing', async () => {
    const { told, copy, changes, rest } = given('source', { step: 'copying' });

    await told(changes);
    expect(copy()).toEqual(['PAYING']);
    await told(rest);
    expect(await told(changes)).toMatchObject({ written: 0, known: 1 });
    expect(copy()).toEqual(['PAID']);
  });

  it('copies nothing to the target of another move than its table is on', async () => {
    const { told, copy, changes } = given('source', { target: 'Elsewhere' });

    expect(await rejectionOf(told(changes))).toBeInstanceOf(OtherMoveError);
    expect(copy()).toEqual(['PAID']);
  });
});
