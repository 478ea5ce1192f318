import type { DeclaredMove } from './env.ts';
import { createKeyMapping, type KeyMapping } from './key-mapping.ts';
import { type Route, routeOf } from './move.ts';
import type { MovesStore } from './moves-store.ts';
import { ofDeclared } from './other-move.ts';

export interface RoutedTable extends Route {
  readonly table: string;
  readonly sourceName: string;
  readonly targetName: string;
  readonly mapping: KeyMapping;
}

/** Where a table is read and written that may be moving; undefined: it is none of those that are declared. Throws an `OtherMoveError`. */
export type FindRoute = (tableName: string) => Promise<RoutedTable | undefined>;

export interface RoutesDeps {
  readonly moves: Pick<MovesStore, 'find'>;
  readonly maxAgeMs: number;
  /** What each of some clocks says, in milliseconds: what is known is old when one of them says so, or was set back. */
  readonly now: () => readonly number[];
}

/** By the row of the move, as it was a moment ago at most: the age is counted from before it was read. */
export function createRoutes(declared: readonly DeclaredMove[], { moves, maxAgeMs, now }: RoutesDeps): FindRoute {
  const bySource = new Map(
    declared.map((move) => [move.sourceName, { ...move, mapping: createKeyMapping(move.keys) }] as const),
  );
  const known = new Map<string, { readonly at: readonly number[]; readonly route: Promise<Route> }>();

  function routeNow(move: DeclaredMove): Promise<Route> {
    const { table } = move;
    const at = now();
    const cached = known.get(table);
    if (cached && isYoung(cached.at, at, maxAgeMs)) return cached.route;
    const read = { at, route: moves.find(table).then((row) => routeOf(ofDeclared(row, move))) };
    known.set(table, read);
    // What could not be read is read anew by the next one.
    read.route.catch(() => known.get(table) === read && known.delete(table));
    return read.route;
  }

  return async (tableName) => {
    const move = bySource.get(tableName);
    return move && { ...move, ...(await routeNow(move)) };
  };
}

function isYoung(then: readonly number[], now: readonly number[], maxAgeMs: number): boolean {
  return now.every((time, clock) => {
    const age = time - (then[clock] ?? 0);
    return age >= 0 && age < maxAgeMs;
  });
}
