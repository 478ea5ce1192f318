import { keyText } from '../shared/table-moves/key-mapping.ts';
import type { Side } from '../shared/table-moves/move.ts';
import type { MoveTables } from '../shared/table-moves/move-tables.ts';
import type { MovesStore } from '../shared/table-moves/moves-store.ts';
import { ofDeclared } from '../shared/table-moves/other-move.ts';
import { writeAll } from '../shared/table-moves/write-all.ts';
import type { StreamBatch, StreamChange } from './changes.ts';

export interface Followed {
  readonly written: number;
  /** A later change was there before. */
  readonly known: number;
  /** Nobody wants to know of this table's changes now. */
  readonly left: number;
}

/**
 * Copies changes of one table to the other, if its move says so at that moment. What it says is looked at once: whoever changes it waits until everybody who
 * has seen it as it was is done. Throws what DynamoDB throws, and an `OtherMoveError`; all of the batch may come again.
 */
export async function follow(
  { move: declared, side, changes }: StreamBatch,
  { moves, tables }: { readonly moves: Pick<MovesStore, 'find'>; readonly tables: MoveTables },
): Promise<Followed> {
  const move = ofDeclared(await moves.find(declared.table), declared);
  if (move?.following !== side) return { written: 0, known: 0, left: changes.length };
  const { epoch, closed_at } = move;
  const to = side === 'source' ? 'target' : 'source';
  const followed = closed_at === undefined ? changes : await asTheyAre(side, changes, tables);
  const written = await writeAll(followed, ({ sequence, ...change }) => tables.write(to, change, { epoch, sequence }));
  const count = written.filter(Boolean).length;
  return { written: count, known: written.length - count, left: 0 };
}

/**
 * While writes are closed, what the table has is written and not what the stream says of it, which may be long ago: an older image would undo what was compared, and
 * the change after it may come when nobody follows any more.
 */
async function asTheyAre(side: Side, changes: readonly StreamChange[], tables: MoveTables): Promise<StreamChange[]> {
  const there = await tables.read(
    side,
    changes.map(({ key }) => key),
  );
  return changes.map((change) => ({ ...change, item: there.get(keyText(change.key)) }));
}
