import { keyText } from '../shared/table-moves/key-mapping.ts';
import type { Move } from '../shared/table-moves/move.ts';
import type { MoveTables } from '../shared/table-moves/move-tables.ts';
import { writeAll } from '../shared/table-moves/write-all.ts';

type Copy = Move['copy'];

/** The next page of the source, each item only where the stream has said nothing of it yet: what that says is newer. */
export async function copyPage(move: Move, tables: MoveTables, limit: number): Promise<Copy> {
  const { copy, epoch } = move;
  const { items, next } = await tables.page('source', copy.after, limit);
  const written = await writeAll(items, (change) => tables.write('target', change, { epoch }));
  const copied = written.filter(Boolean).length;
  return {
    ...goneOn(copy, next, 'prune'),
    copied: copy.copied + copied,
    newer: copy.newer + written.length - copied,
  };
}

/** What is left at the target of a move before, and was deleted at the source since. */
export async function prunePage(move: Move, tables: MoveTables, limit: number): Promise<Copy> {
  const { copy, epoch } = move;
  const { items, next } = await tables.page('target', copy.after, limit);
  const keys = items.map(({ key }) => key);
  const there = await tables.read('source', keys);
  const gone = keys.filter((key) => !there.has(keyText(key)));
  const removed = await writeAll(gone, (key) => tables.write('target', { key, item: undefined }, { epoch }));
  return { ...goneOn(copy, next, 'finished'), pruned: copy.pruned + removed.filter(Boolean).length };
}

function goneOn({ after: _, ...copy }: Copy, next: Copy['after'], then: Copy['phase']): Copy {
  return next === undefined ? { ...copy, phase: then } : { ...copy, after: next };
}
