import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { count } from '../publish/count.ts';
import { formatTable } from '../table.ts';

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

/** Of a breakdown: what fits above a question. */
const mostLines = 5;

/** `188  queue 'orders'  rejected  TypeError`, a line for each kind; what is over five lines is in the last one. */
export function breakdownOf(rows: readonly ListedException[]): string[] {
  const kinds = kindsOf(rows);
  const shown = kinds.length > mostLines ? kinds.slice(0, mostLines - 1) : kinds;
  const rest = kinds.slice(shown.length);
  const lines = shown.map(({ rows: number, place, reason, error }) => [count(number), place, reason, error]);
  const others = rest.reduce((sum, { rows: number }) => sum + number, 0);
  const last = rest.length > 0 ? [`${count(others)} of ${count(rest.length)} more kinds`] : [];
  return [...formatTable(['', '', '', ''], lines).slice(1), ...last].map((line) => `  ${line}`);
}
