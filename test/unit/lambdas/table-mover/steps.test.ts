import type { DeclaredMove } from '../../../../lambdas/shared/table-moves/env.ts';
import type { Comparison, Move } from '../../../../lambdas/shared/table-moves/move.ts';
import { back, forward } from '../../../../lambdas/shared/table-moves/move-steps.ts';
import type { MovesStore } from '../../../../lambdas/shared/table-moves/moves-store.ts';
import { act } from '../../../../lambdas/table-mover/act.ts';
import { newComparison } from '../../../../lambdas/table-mover/compare.ts';
import { nextWork } from '../../../../lambdas/table-mover/next-work.ts';
import { rejectionOf } from '../builders.ts';
import { keys } from './memory-move.ts';

const times = { maxAgeMs: 5_000, longestRequestMs: 7_000, followerMs: 10_000, closedAtMostMs: 600_000 };
const now = new Date('2026-11-28T10:00:00Z');
const operator = { who: 'Ann', why: 'a test' };
const declared: DeclaredMove = { table: 'Orders', target: 'Moved', keys, sourceName: 'orders', targetName: 'moved' };
const equal: Comparison = { ...newComparison(now), phase: 'finished', finished_at: now.toISOString() };
const unequal: Comparison = { ...equal, suspects: [{ out_trade_no: '1' }], different: 1 };

const move = (changes: Partial<Move> = {}): Move => ({
  table: 'Orders',
  target: 'Moved',
  keys,
  step: 'copying',
  following: 'source',
  epoch: 1,
  version: 3,
  started: { ...operator, at: now.toISOString() },
  changed: { ...operator, at: now.toISOString() },
  rate: 100,
  copy: { phase: 'finished', copied: 1, newer: 0, pruned: 0 },
  ...changes,
});

function given(row: Move | undefined, problems: readonly string[] = []) {
  const saved: Move[] = [];
  const moves: MovesStore = {
    find: async () => row,
    save: async (one) => {
      saved.push(one);
      return one;
    },
  };
  const start = { act: 'start', table: 'Orders', rate: 100, operator } as const;
  const deps = { moves, times, schemaProblems: async () => problems, now: () => now };
  return {
    saved,
    start: () => act(start, declared, deps),
    next: (seen: Move['step']) => act({ act: 'next', table: 'Orders', seen, operator }, declared, deps),
  };
}

describe('a move', () => {
  it('that was started is refused a second time, with who and when, and nothing is changed', async () => {
    const { start, saved } = given(move());

    expect(String(await rejectionOf(start()))).toContain(`was started by Ann at ${now.toISOString()}, and is copying`);
    expect(saved).toEqual([]);
  });

  it('to a target of another schema is refused with what is wrong, and nothing is changed', async () => {
    const { start, saved } = given(undefined, ['moved has the key id, and the declared one is pk']);

    expect(String(await rejectionOf(start()))).toContain('cannot move to Moved: moved has the key id');
    expect(saved).toEqual([]);
  });

  it('whose declaration has changed on its way is refused', async () => {
    const { next, saved } = given(move({ target: 'Elsewhere', comparison: equal }));

    expect(String(await rejectionOf(next('copying')))).toContain('declare it as it was');
    expect(saved).toEqual([]);
  });

  it('that was stopped is started again only when nobody can be at it any more', async () => {
    const { start } = given(move({ step: 'stopped' }));

    expect(String(await rejectionOf(start()))).toContain('start it in 17 s');
  });

  it('goes one step on for two commands that have seen the same step', async () => {
    const { next } = given(move({ step: 'reading', comparison: equal }));

    expect(String(await rejectionOf(next('copying')))).toContain('is reading meanwhile');
  });

  it.each(['copying', 'reading', 'written'] as const)(
    'does not go on from %s while its tables differ, or are not compared',
    (step) => {
      for (const comparison of [unequal, newComparison(now)])
        expect(() => forward(move({ step, comparison }), operator, now)).toThrow('warren tables compare Orders');
      expect(() => forward(move({ step, comparison: equal }), operator, now)).not.toThrow();
    },
  );

  it('does not go on while it is being copied', () => {
    const copy = { phase: 'copy', copied: 1, newer: 0, pruned: 0 } as const;

    expect(() => forward(move({ copy, comparison: equal }), operator, now)).toThrow('still being copied');
  });

  it.each([
    ['copying', 'stopped', 'none'],
    ['reading', 'copying', 'source'],
    ['closing', 'reading', 'source'],
    ['written', 'returning', 'target'],
    ['returning', 'written', 'target'],
  ] as const)('goes back from %s to %s', (step, to, following) => {
    const from = move({ step, following: step === 'written' ? 'target' : 'source' });

    expect(back(from, operator, now)).toMatchObject({ step: to, following });
  });

  it('that is done has no way back', () => {
    expect(() => back(move({ step: 'done' }), operator, now)).toThrow('no longer kept up to date');
  });
});

describe('while writes are closed', () => {
  const closed_at = now.toISOString();
  const later = (seconds: number) => now.getTime() + seconds * 1_000;
  const closing = (changes: Partial<Move> = {}) => move({ step: 'closing', closed_at, ...changes });

  it('nothing is compared before the last writer must have heard of it', () => {
    expect(nextWork(closing(), times, later(18))).toEqual({ kind: 'wait', until: later(19) });
    expect(nextWork(closing(), times, later(19))).toEqual({ kind: 'begin' });
  });

  it('they are compared until they are equal, before anything else is done', () => {
    expect(nextWork(closing({ comparison: unequal }), times, later(30))).toEqual({ kind: 'begin' });
    expect(nextWork(closing({ comparison: equal }), times, later(30))).toEqual({ kind: 'seal' });
  });

  it('they are not opened before the last follower has ended', () => {
    const sealed = closing({ comparison: equal, sealed_at: new Date(later(30)).toISOString() });

    expect(nextWork(sealed, times, later(46))).toEqual({ kind: 'wait', until: later(47) });
    expect(nextWork(sealed, times, later(47))).toEqual({ kind: 'open' });
  });

  it('for too long, they are opened where they were', () => {
    expect(nextWork(closing({ comparison: unequal }), times, later(600))).toEqual({ kind: 'reopen' });
  });
});
