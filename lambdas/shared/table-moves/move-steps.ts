import type { MoveKeys } from './key-mapping.ts';
import { isEqual, type Move, type MoveStep, type MoveTimes, type Operator } from './move.ts';

/** What was asked for cannot be done as things are; says why, and what to do. */
export class MoveRefusedError extends Error {
  override readonly name = 'MoveRefusedError';
}

export interface Declared {
  readonly table: string;
  readonly target: string;
  readonly keys: MoveKeys;
}

export interface StartOptions {
  /** Items a second. */
  readonly rate: number;
  readonly operator: Operator;
  readonly now: Date;
  readonly times: MoveTimes;
}

/** The first row of a move, or of one that was stopped. Throws a `MoveRefusedError`. */
export function started(
  { table, target, keys }: Declared,
  before: Move | undefined,
  { rate, operator, now, times }: StartOptions,
): Move {
  if (before && before.step !== 'stopped') {
    const { who, at } = before.started;
    throw new MoveRefusedError(
      `the move of ${table} to ${before.target} was started by ${who} at ${at}, and is ${before.step}`,
    );
  }
  // What it was at when it was stopped is fenced by another epoch than the new one.
  const free = before ? Date.parse(before.changed.at) + times.longestRequestMs + followedAfterMs(times) : 0;
  if (now.getTime() < free) {
    const seconds = Math.ceil((free - now.getTime()) / 1_000);
    throw new MoveRefusedError(`the move of ${table} was stopped a moment ago: start it in ${seconds} s`);
  }
  const act = { ...operator, at: now.toISOString() };
  return {
    table,
    target,
    keys,
    step: 'copying',
    following: 'source',
    epoch: (before?.epoch ?? 0) + 1,
    version: before?.version ?? 0,
    started: act,
    changed: act,
    rate,
    copy: { phase: 'copy', copied: 0, newer: 0, pruned: 0 },
    // Whoever was copying before may be at it still.
    ...(before?.lease && { lease: before.lease }),
  };
}

/** One step forward. Throws a `MoveRefusedError`. */
export function forward(move: Move, operator: Operator, now: Date): Move {
  const changed = { ...operator, at: now.toISOString() };
  switch (move.step) {
    case 'copying':
      if (move.copy.phase !== 'finished') throw new MoveRefusedError(`${move.table} is still being copied`);
      checkEqual(move);
      return { ...move, step: 'reading', changed };
    case 'reading':
      checkEqual(move);
      return { ...closed(move, now), step: 'closing', changed };
    case 'written':
      checkEqual(move);
      return { ...open(move), step: 'done', following: 'none', changed };
    case 'closing':
    case 'returning':
      throw new MoveRefusedError(
        `writes of ${move.table} are closed, and open by themselves when both tables are equal`,
      );
    case 'done':
      throw new MoveRefusedError(`the move of ${move.table} is done`);
    case 'stopped':
      throw new MoveRefusedError(`the move of ${move.table} is stopped: start it`);
    default:
      throw new Error(`no rule for ${move.step satisfies never}`);
  }
}

/** One step back. Throws a `MoveRefusedError`. */
export function back(move: Move, operator: Operator, now: Date): Move {
  const changed = { ...operator, at: now.toISOString() };
  switch (move.step) {
    case 'copying':
      return { ...uncompared(move), step: 'stopped', following: 'none', changed };
    case 'reading':
      return { ...move, step: 'copying', changed };
    case 'closing':
    case 'returning':
      if (move.sealed_at === undefined) return { ...reopened(move), changed };
      // Some read at the other side by now: whatever was written here, they would not see.
      throw new MoveRefusedError(
        `${move.table} and its target are equal, and writes open on the other side in less than a minute: go back then`,
      );
    case 'written':
      // Writes would be closed for as long as they may be, and opened again where they were.
      if (differed(move)) checkEqual(move);
      return { ...closed(move, now), step: 'returning', changed };
    case 'done':
      throw new MoveRefusedError(`the move of ${move.table} is done: the source was no longer kept up to date`);
    case 'stopped':
      throw new MoveRefusedError(`the move of ${move.table} is stopped already`);
    default:
      throw new Error(`no rule for ${move.step satisfies never}`);
  }
}

/** Where writes were before they were closed: nothing was written elsewhere. */
export function reopened(move: Move): Move {
  const step = move.step === 'closing' ? 'reading' : 'written';
  const following = move.step === 'closing' ? 'source' : 'target';
  return { ...open(uncompared(move)), step, following };
}

/** On the other side, for the first time: what was equal before anybody wrote here counts no more. */
export function opened(move: Move): Move {
  const step: MoveStep = move.step === 'closing' ? 'written' : 'reading';
  const following = step === 'written' ? 'target' : 'source';
  return { ...open(uncompared(move)), step, following };
}

/** Since then nobody writes, and no follower is on its way that has read an item before its last write: what is equal then stays equal. */
export function settledAt({ closed_at }: Move, times: MoveTimes): number {
  return closed_at === undefined ? 0 : Date.parse(closed_at) + heardAfterMs(times) + followedAfterMs(times);
}

/** Since then no follower is on its way, and everybody reads on the side that is to be written. */
export function quietAt({ sealed_at }: Move, times: MoveTimes): number {
  return sealed_at === undefined
    ? Number.POSITIVE_INFINITY
    : Date.parse(sealed_at) + Math.max(heardAfterMs(times), times.longestRequestMs + followedAfterMs(times));
}

/**
 * After the time that a row tells, no function goes by what it said before, nor is its call on its way. The row may have been long in being written, what
 * the function knew in coming, and its call too.
 */
function heardAfterMs({ maxAgeMs, longestRequestMs }: MoveTimes): number {
  return maxAgeMs + 3 * longestRequestMs;
}

/** Then a follower has ended that began before, and its last write is there. */
function followedAfterMs({ followerMs, longestRequestMs }: MoveTimes): number {
  return followerMs + longestRequestMs;
}

function closed(move: Move, now: Date): Move {
  return { ...open(uncompared(move)), closed_at: now.toISOString() };
}

function checkEqual({ table, comparison }: Move): void {
  if (isEqual(comparison)) return;
  const found = differed({ comparison }) ? 'differed when they were compared' : 'are not compared to the end';
  throw new MoveRefusedError(`${table} and its target ${found}: warren tables compare ${table}`);
}

function differed({ comparison }: Pick<Move, 'comparison'>): boolean {
  return comparison?.phase === 'finished' && !isEqual(comparison);
}

function open({ closed_at: _, sealed_at: __, ...move }: Move): Move {
  return move;
}

function uncompared({ comparison: _, ...move }: Move): Move {
  return move;
}
