import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';

/** One kind of failure. */
export interface Kind {
  readonly fingerprint: string;
  readonly place: string;
  readonly reason: string;
  readonly error: string;
  rows: number;
  first: string;
  last: string;
}

/** Most rows first. */
export function kindsOf(rows: readonly ListedException[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const { fingerprint, place, reason, error_name: error, created_at, last_at } of rows) {
    const kind = kinds.get(fingerprint) ?? {
      fingerprint,
      place,
      reason,
      error,
      rows: 0,
      first: created_at,
      last: last_at,
    };
    kind.rows += 1;
    if (created_at < kind.first) kind.first = created_at;
    if (last_at > kind.last) kind.last = last_at;
    kinds.set(fingerprint, kind);
  }
  return [...kinds.values()].sort(
    (one, other) => other.rows - one.rows || (one.fingerprint < other.fingerprint ? -1 : 1),
  );
}
