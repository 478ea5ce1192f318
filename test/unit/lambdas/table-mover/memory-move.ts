import { createKeyMapping, type Key, keyText } from '../../../../lambdas/shared/table-moves/key-mapping.ts';
import type { Move, Side } from '../../../../lambdas/shared/table-moves/move.ts';
import type { Change, Item, MoveTables } from '../../../../lambdas/shared/table-moves/move-tables.ts';
import type { MovesStore } from '../../../../lambdas/shared/table-moves/moves-store.ts';
import type { StreamChange } from '../../../../lambdas/table-follower/changes.ts';
import type { Process, VirtualWorld } from './virtual-world.ts';

export const keys = {
  source: ['out_trade_no'],
  target: [{ name: 'pk', from: 'order#{out_trade_no}' }],
};

export const operator = { who: 'Ann', why: 'a test' };
export const startedAt = new Date('2026-11-28T10:00:00Z');

const mapping = createKeyMapping(keys);

/** Two tables with their streams, the stamps beside them, and the row of the move, as DynamoDB would keep them. */
export interface MemoryMove {
  readonly items: Readonly<Record<Side, Map<string, Item>>>;
  readonly streams: Readonly<Record<Side, StreamChange[]>>;
  row: Move | undefined;
  /** Without a wait: as a writer's call changes a table, at one moment. */
  put(side: Side, change: Change): void;
  /** `slowest`: of a call's way there; default: the latency. */
  tables(process?: Process, slowest?: number): MoveTables;
  moves(process?: Process): MovesStore;
}

/** Each call takes a while before it does something, and a while until that is known. */
export function createMemoryMove(world: VirtualWorld, latency: number): MemoryMove {
  const items = { source: new Map<string, Item>(), target: new Map<string, Item>() };
  const streams = { source: [] as StreamChange[], target: [] as StreamChange[] };
  const stamps = new Map<string, number>();
  let sequence = 0;

  function put(side: Side, { key, item }: Change): void {
    if (item) items[side].set(keyText(key), item);
    else if (!items[side].delete(keyText(key))) return;
    sequence += 1;
    streams[side].push({ key, item, sequence: String(sequence) });
  }

  const move: MemoryMove = {
    items,
    streams,
    row: undefined,
    put,
    tables: (process, slowest) => ({
      page: (side, after, limit) =>
        call(process, () => {
          const sorted = [...items[side]].sort(([one], [other]) => (one < other ? -1 : 1));
          const left = sorted.filter(([text]) => after === undefined || text > keyText(after));
          const page = left.slice(0, limit).map(([, item]) => ({ key: keyOf(item), item }));
          return { items: page, next: left.length > limit ? page.at(-1)?.key : undefined };
        }),
      read: (side, asked) =>
        call(process, () => {
          const found = asked.map((key) => [keyText(key), items[side].get(keyText(key))] as const);
          return new Map(found.flatMap(([text, item]) => (item ? [[text, item] as const] : [])));
        }),
      write: (side, change, fence) =>
        call(
          process,
          () => {
            const id = `${side}#${fence.epoch}#${keyText(change.key)}`;
            const stamp = stamps.get(id);
            const position = fence.sequence === undefined ? undefined : Number(fence.sequence);
            if (stamp !== undefined && (position === undefined || stamp >= position)) return false;
            if (position !== undefined) stamps.set(id, position);
            put(side, change);
            return true;
          },
          slowest,
        ),
    }),
    moves: (process) => ({
      find: () => call(process, () => move.row),
      save: (row) =>
        call(process, () => {
          if ((move.row?.version ?? 0) !== row.version) return undefined;
          move.row = { ...row, version: row.version + 1 };
          return move.row;
        }),
    }),
  };
  return move;

  async function call<T>(process: Process | undefined, effect: () => T, slowest = latency): Promise<T> {
    await world.delay(slowest, process);
    const result = effect();
    await world.delay(latency, process);
    return result;
  }
}

/** Of a move whose items are all copied. */
export function moveRow(changes: Partial<Move> = {}): Move {
  const act = { ...operator, at: startedAt.toISOString() };
  return {
    table: 'Orders',
    target: 'Moved',
    keys,
    step: 'copying',
    following: 'source',
    epoch: 1,
    version: 3,
    started: act,
    changed: act,
    rate: 100,
    copy: { phase: 'finished', copied: 1, newer: 0, pruned: 0 },
    ...changes,
  };
}

export function itemOf(key: Key, value: string): Item {
  return { ...Object.fromEntries(Object.entries(key).map(([name, text]) => [name, { S: text }])), value: { S: value } };
}

function keyOf(item: Item): Key {
  const found = mapping.toSource(mapping.toTarget({ out_trade_no: item['out_trade_no']?.S ?? '' }));
  return found;
}
