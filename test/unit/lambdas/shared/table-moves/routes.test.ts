import type { DeclaredMove } from '../../../../../lambdas/shared/table-moves/env.ts';
import type { Move } from '../../../../../lambdas/shared/table-moves/move.ts';
import { OtherMoveError } from '../../../../../lambdas/shared/table-moves/other-move.ts';
import { createRoutes } from '../../../../../lambdas/shared/table-moves/routes.ts';
import { rejectionOf } from '../../builders.ts';
import { keys, moveRow } from '../../table-mover/memory-move.ts';

const declared: DeclaredMove = { table: 'Orders', target: 'Moved', keys, sourceName: 'orders', targetName: 'moved' };

/** A function that asks where the table is, and the row that it reads. */
function given(first: Move | undefined) {
  let row = first;
  const clocks = { monotonic: 0, wall: 100_000 };
  const find = createRoutes([declared], {
    moves: { find: async () => row },
    maxAgeMs: 5_000,
    now: () => Object.values(clocks),
  });
  return {
    clocks,
    find: () => find('orders'),
    becomes: (next: Move) => {
      row = next;
    },
  };
}

describe('where a table is', () => {
  it.each([
    { target: 'Elsewhere' },
    { keys: { source: ['out_trade_no'], target: [{ name: 'key', from: '{out_trade_no}' }] } },
  ])('is told by nobody who knows another move than the one it is on: %j', async (other) => {
    for (const step of ['copying', 'reading', 'closing', 'written', 'returning', 'done'] as const)
      expect(await rejectionOf(given(moveRow({ step, ...other })).find())).toBeInstanceOf(OtherMoveError);
    expect(await given(moveRow({ step: 'stopped', ...other })).find()).toMatchObject({ writes: 'source' });
  });

  it('is found again when its move is declared as it was', async () => {
    const { find, becomes } = given(moveRow({ step: 'written', target: 'Elsewhere' }));
    await rejectionOf(find());
    becomes(moveRow({ step: 'written' }));

    expect(await find()).toMatchObject({ reads: 'target', writes: 'target' });
  });

  it.each([
    ['both clocks say so', { monotonic: 5_000, wall: 105_000 }],
    ['the process stood still, and the clock went on', { monotonic: 10, wall: 105_000 }],
    ['the clock was set, and the process went on', { monotonic: 5_000, wall: 100_010 }],
    ['the clock was set back', { monotonic: 10, wall: 99_990 }],
  ])('is asked again when what is known is old: %s', async (_, later) => {
    const { find, becomes, clocks } = given(moveRow({ step: 'reading' }));
    await find();
    becomes(moveRow({ step: 'closing' }));
    Object.assign(clocks, { monotonic: 4_999, wall: 104_999 });
    expect(await find()).toMatchObject({ writes: 'source' });
    Object.assign(clocks, later);

    expect(await find()).toMatchObject({ writes: 'closed' });
  });
});
