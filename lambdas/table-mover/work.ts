import type { Move, MoveTimes } from '../shared/table-moves/move.ts';
import { opened, reopened } from '../shared/table-moves/move-steps.ts';
import type { MoveTables } from '../shared/table-moves/move-tables.ts';
import type { MovesStore } from '../shared/table-moves/moves-store.ts';
import type { Log, Meter } from '../shared/telemetry/telemetry.ts';
import { comparePage, newComparison } from './compare.ts';
import { copyPage, prunePage } from './copy.ts';
import { nextWork, type Work } from './next-work.ts';

export interface WorkDeps {
  readonly moves: MovesStore;
  readonly tables: MoveTables;
  readonly times: MoveTimes;
  /** Items of one page, or a second's worth, if that is less: the rate is kept page by page. */
  readonly pageSize: number;
  /** As long as the function may live: what another began is over by then. */
  readonly leaseMs: number;
  readonly newId: () => string;
  /** In milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly log: Pick<Log, 'warn'>;
  readonly meter: Pick<Meter, 'count'>;
}

/** Between two looks at what differed. */
const againMs = 200;

/**
 * Works at a move until an operator is to say what comes next, another does, or the deadline has come. What is done is written down after each page, on
 * condition that nobody else has changed the row: killed anywhere, the next run goes on there.
 */
export async function workAt(table: string, deadline: number, deps: WorkDeps): Promise<void> {
  const { moves, now, sleep } = deps;
  let move = await claimed(table, deps);
  while (move) {
    const work = nextWork(move, deps.times, now());
    if (work.kind === 'none' || now() >= deadline) break;
    if (work.kind === 'wait') {
      await sleep(Math.min(work.until, deadline) - now());
      continue;
    }
    const begun = now();
    const done = await doneOf(move, work, deps);
    const saved: Move | undefined = await moves.save(done);
    if (saved && work.kind === 'reopen') tellReopened(saved, deps);
    // An operator was quicker: on that row, if it is still ours.
    move = saved ?? (await ours(table, move, deps));
    await sleep(Math.max(0, Math.min(pauseAfter(done, work, deps), deadline - begun) - (now() - begun)));
  }
  if (move) await release(move, deps);
}

async function doneOf(move: Move, work: Exclude<Work, { kind: 'none' | 'wait' }>, deps: WorkDeps): Promise<Move> {
  const { tables } = deps;
  const limit = pageSizeOf(move, deps);
  const now = () => new Date(deps.now());
  switch (work.kind) {
    case 'copy':
      return { ...move, copy: await copyPage(move, tables, limit) };
    case 'prune':
      return { ...move, copy: await prunePage(move, tables, limit) };
    case 'begin':
      return { ...move, comparison: newComparison(now()) };
    case 'compare': {
      const comparison = move.comparison ?? newComparison(now());
      return { ...move, comparison: await comparePage(comparison, tables, { limit, now }) };
    }
    case 'seal':
      return { ...move, following: 'none', sealed_at: now().toISOString() };
    case 'open':
      return opened(move);
    case 'reopen':
      return reopened(move);
    default:
      throw new Error(`no rule for ${work satisfies never}`);
  }
}

/** For minutes nobody could write, and nothing came of it: on-call hears. */
function tellReopened({ table, step }: Move, { log, meter }: WorkDeps): void {
  log.warn('writes were closed for too long, and are open where they were', { table, step });
  meter.count('WritesReopened');
}

/** A page of items takes its share of a second; while writes are closed nobody else needs the tables. */
function pauseAfter(move: Move, { kind }: Work, deps: WorkDeps): number {
  if (kind === 'compare' && move.comparison?.phase === 'again') return againMs;
  const isLimited = kind === 'copy' || kind === 'prune' || (kind === 'compare' && !isClosed(move));
  return isLimited ? (1_000 * pageSizeOf(move, deps)) / move.rate : 0;
}

/** A longer pause than a second would be cut short by the end of a run, and the next one goes on at once. */
function pageSizeOf(move: Move, { pageSize }: WorkDeps): number {
  return isClosed(move) ? pageSize : Math.min(pageSize, move.rate);
}

function isClosed({ closed_at }: Move): boolean {
  return closed_at !== undefined;
}

/** Undefined: there is nothing to do, or another is at it. */
async function claimed(table: string, { moves, times, leaseMs, newId, now }: WorkDeps): Promise<Move | undefined> {
  const move = await moves.find(table);
  if (!move || nextWork(move, times, now()).kind === 'none') return undefined;
  if (move.lease && Date.parse(move.lease.until) > now()) return undefined;
  return moves.save({ ...move, lease: { id: newId(), until: new Date(now() + leaseMs).toISOString() } });
}

async function ours(table: string, { lease }: Move, { moves }: WorkDeps): Promise<Move | undefined> {
  const found = await moves.find(table);
  return found?.lease?.id === lease?.id ? found : undefined;
}

async function release(move: Move, { moves }: WorkDeps): Promise<void> {
  const { lease: _, ...free } = move;
  await moves.save(free);
}
