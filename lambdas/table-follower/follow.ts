import pMap from 'p-map';
import type { Side } from '../shared/table-moves/move.ts';
import type { MoveTables } from '../shared/table-moves/move-tables.ts';
import type { MovesStore } from '../shared/table-moves/moves-store.ts';
import type { StreamChange } from './changes.ts';

/** Writes at a time: bounds sockets. */
const parallelWrites = 16;

export interface Followed {
  readonly written: number;
  /** A later change was there before. */
  readonly known: number;
  /** Nobody wants to know of this table's changes now. */
  readonly left: number;
}

/**
 * Copies changes of one table to the other, if its move says so at that moment. What it says is looked at once: whoever changes it waits until everybody who
 * has seen it as it was is done. Throws what DynamoDB throws; all of the batch may come again.
 */
export async function follow(
  { table, side, changes }: { readonly table: string; readonly side: Side; readonly changes: readonly StreamChange[] },
  { moves, tables }: { readonly moves: Pick<MovesStore, 'find'>; readonly tables: MoveTables },
): Promise<Followed> {
  const move = await moves.find(table);
  if (move?.following !== side) return { written: 0, known: 0, left: changes.length };
  const { epoch } = move;
  const to = side === 'source' ? 'target' : 'source';
  const written = await pMap(changes, ({ sequence, ...change }) => tables.write(to, change, { epoch, sequence }), {
    concurrency: parallelWrites,
  });
  const count = written.filter(Boolean).length;
  return { written: count, known: written.length - count, left: 0 };
}
