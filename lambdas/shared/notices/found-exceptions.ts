import type { ExceptionKey, ListedException } from '../exceptions/exception-row.ts';
import type { ExceptionStore } from '../exceptions/exception-store.ts';
import type { Example, NoticeRow } from './notice-row.ts';

/** What the exceptions table holds of one fingerprint. */
export interface Found {
  /** Since it last was quiet. */
  readonly total: number;
  /** Those that no notice has told of, or that have failed again since. */
  readonly untold: number;
  /** Of all these, those that wait for somebody. */
  readonly open: number;
  /** Of the untold. */
  readonly first: Example;
  readonly last: Example;
  /** There may be more: nobody counts for minutes. */
  readonly isPart: boolean;
}

/** Some thirty reads of DynamoDB. */
const mostCounted = 10_000;

/**
 * Counted in the table each time, not added up as they come: a stream hands its records over again, and a sum would take them for others. What
 * is untold is what there is but for what was told, because the index may be a second behind, and times of different writers out of order.
 */
export async function findUntold(
  exceptions: Pick<ExceptionStore, 'find'>,
  row: Pick<NoticeRow, 'fingerprint' | 'counted_from' | 'untold_from' | 'told' | 'untold' | 'first' | 'last'>,
): Promise<Found> {
  const rows = await counted(exceptions.find({ fingerprint: row.fingerprint, since: row.counted_from }));
  const isPart = rows.length >= mostCounted;
  // The index may not know yet what the stream has just told of.
  const named = row.told > 0 ? [] : [row.first, row.last];
  const total = new Set([...rows, ...named].map(keyOf)).size;
  const open = rows.filter(({ state }) => state === 'open').length + total - rows.length;
  const since = rows.filter(({ last_at }) => last_at >= row.untold_from).map(exampleOf);
  const untold = Math.max(since.length, isPart ? row.untold : total - row.told);
  const [first = row.first, last = row.last] = ends([row.first, row.last, ...since]);
  return { total, untold, open, first, last, isPart };
}

/** What is only on record is nobody's task, and what is parked has not failed. */
async function counted(found: AsyncIterable<ListedException>): Promise<ListedException[]> {
  const rows: ListedException[] = [];
  for await (const row of found) {
    if (row.state !== 'recorded' && row.state !== 'parked') rows.push(row);
    if (rows.length >= mostCounted) break;
  }
  return rows;
}

function ends(examples: readonly Example[]): (Example | undefined)[] {
  const byTime = examples.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return [byTime[0], byTime.at(-1)];
}

/** How many wait for somebody, whenever they came; when there are too many rows to look at, at least one. */
export async function countOpen(exceptions: Pick<ExceptionStore, 'find'>, fingerprint: string) {
  let [open, looked] = [0, 0];
  for await (const { state } of exceptions.find({ fingerprint })) {
    if (state === 'open') open++;
    if (++looked >= mostCounted) return { open: Math.max(open, 1), isPart: true };
  }
  return { open, isPart: false };
}

function exampleOf({ event_id, source, business_key, last_at }: ListedException): Example {
  return { event_id, source, business_key, at: last_at };
}

function keyOf({ event_id, source }: ExceptionKey): string {
  return JSON.stringify([event_id, source]);
}
