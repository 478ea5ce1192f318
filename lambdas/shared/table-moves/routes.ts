import type { DeclaredMove } from './env.ts';
import { createKeyMapping, type KeyMapping } from './key-mapping.ts';
import { type Route, routeOf } from './move.ts';
import type { MovesStore } from './moves-store.ts';

export interface RoutedTable extends Route {
  readonly table: string;
  readonly sourceName: string;
  readonly targetName: string;
  readonly mapping: KeyMapping;
}

/** Where a table is read and written that may be moving; undefined: it is none of those that are declared. */
export type FindRoute = (tableName: string) => Promise<RoutedTable | undefined>;

export interface RoutesDeps {
  readonly moves: Pick<MovesStore, 'find'>;
  readonly maxAgeMs: number;
  /** In milliseconds; MUST never be set back, whatever becomes of the clock. */
  readonly now: () => number;
}

/** By the row of the move, as it was a moment ago at most: the age is counted from before it was read. */
export function createRoutes(declared: readonly DeclaredMove[], { moves, maxAgeMs, now }: RoutesDeps): FindRoute {
  const bySource = new Map(
    declared.map((move) => [move.sourceName, { ...move, mapping: createKeyMapping(move.keys) }] as const),
  );
  const known = new Map<string, { readonly at: number; readonly route: Promise<Route> }>();

  function routeNow(table: string): Promise<Route> {
    const at = now();
    const cached = known.get(table);
    if (cached && at - cached.at < maxAgeMs) return cached.route;
    const read = { at, route: moves.find(table).then(routeOf) };
    known.set(table, read);
    // What could not be read is read anew by the next one.
    read.route.catch(() => known.get(table) === read && known.delete(table));
    return read.route;
  }

  return async (tableName) => {
    const move = bySource.get(tableName);
    return move && { ...move, ...(await routeNow(move.table)) };
  };
}
