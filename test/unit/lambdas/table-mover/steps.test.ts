import type { DeclaredMove } from '../../../../lambdas/shared/table-moves/env.ts';
import { type Comparison, type Move, routeOf } from '../../../../lambdas/shared/table-moves/move.ts';
import { back, forward, opened } from '../../../../lambdas/shared/table-moves/move-steps.ts';
import type { MovesStore } from '../../../../lambdas/shared/table-moves/moves-store.ts';
import { act } from '../../../../lambdas/table-mover/act.ts';
import { newComparison } from '../../../../lambdas/table-mover/compare.ts';
import { nextWork } from '../../../../lambdas/table-mover/next-work.ts';
import { rejectionOf } from '../builders.ts';
import { keys, moveRow as move, startedAt as now, operator } from './memory-move.ts';

const times = { maxAgeMs: 5_000, longestRequestMs: 7_000, followerMs: 10_000, closedAtMostMs: 600_000 };
const declared: DeclaredMove = { table: 'Orders', target: 'Moved', keys, sourceName: 'orders', targetName: 'moved' };
const equal: Comparison = { ...newComparison(now), phase: 'finished', finished_at: now.toISOString() };
const unequal: Comparison = { ...equal, suspects: [{ out_trade_no: '1' }], different: 1 };

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
    back: (seen: Move['step']) => act({ act: 'back', table: 'Orders', seen, operator }, declared, deps),
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

  it.each([
    ['copying', 'stopped'],
    ['reading', 'copying'],
    ['closing', 'reading'],
    ['returning', 'written'],
  ] as const)('whose declaration has changed on its way can be taken back from %s to %s', async (step, to) => {
    const { back: taken } = given(move({ step, target: 'Elsewhere' }));

    expect(await taken(step)).toMatchObject({ step: to });
  });

  it('whose declaration has changed while the target is written closes no writes: it could not open them', async () => {
    const { back: taken, saved } = given(move({ step: 'written', target: 'Elsewhere' }));

    expect(String(await rejectionOf(taken('written')))).toContain('declare it as it was');
    expect(saved).toEqual([]);
  });

  it('that was stopped is started again only when nobody can be at it any more', async () => {
    const { start } = given(move({ step: 'stopped' }));

    expect(String(await rejectionOf(start()))).toContain('start it in 24 s');
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

  it.each(['closing', 'returning'] as const)('is compared anew when writes have changed sides, after %s', (step) => {
    const there = opened(move({ step, closed_at: now.toISOString(), comparison: equal }));

    expect(nextWork(there, times, now.getTime())).toEqual({ kind: 'begin' });
    expect(() => forward(there, operator, now)).toThrow('are not compared to the end');
  });

  it('goes back to writes at the source only if both were not found to differ', () => {
    const written = move({ step: 'written', following: 'target' });

    expect(() => back({ ...written, comparison: unequal }, operator, now)).toThrow('differed when they were compared');
    expect(back({ ...written, comparison: equal }, operator, now)).toMatchObject({ step: 'returning' });
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
    expect(nextWork(closing(), times, later(42))).toEqual({ kind: 'wait', until: later(43) });
    expect(nextWork(closing(), times, later(43))).toEqual({ kind: 'begin' });
  });

  it('they are compared until they are equal, before anything else is done', () => {
    expect(nextWork(closing({ comparison: unequal }), times, later(50))).toEqual({ kind: 'begin' });
    expect(nextWork(closing({ comparison: equal }), times, later(50))).toEqual({ kind: 'seal' });
  });

  it('they are not opened before the last follower has ended, and everybody reads on the other side', () => {
    const sealed = closing({ comparison: equal, sealed_at: new Date(later(50)).toISOString() });

    expect(nextWork(sealed, times, later(75))).toEqual({ kind: 'wait', until: later(76) });
    expect(nextWork(sealed, times, later(76))).toEqual({ kind: 'open' });
    // A follower that may live for a minute has asked before, and writes after.
    const until = later(50 + 7 + 60 + 7);
    expect(nextWork(sealed, { ...times, followerMs: 60_000 }, later(76))).toEqual({ kind: 'wait', until });
  });

  it('they are opened on the other side only, once that is read', () => {
    for (const step of ['closing', 'returning'] as const) {
      const sealed = closing({ step, comparison: equal, sealed_at: new Date(later(590)).toISOString() });

      expect(nextWork(sealed, times, later(600))).toMatchObject({ kind: 'wait' });
      expect(() => back(sealed, operator, now)).toThrow('writes open on the other side in less than a minute');
    }
  });

  it.each([
    ['closing', 'both', 'target'],
    ['returning', 'target', 'both'],
  ] as const)('reads change sides when both are equal, before writes do: %s', (step, before, after) => {
    expect(routeOf({ step })).toEqual({ reads: before, writes: 'closed' });
    expect(routeOf({ step, sealed_at: closed_at })).toEqual({ reads: after, writes: 'closed' });
  });

  it('for too long, they are opened where they were', () => {
    expect(nextWork(closing({ comparison: unequal }), times, later(600))).toEqual({ kind: 'reopen' });
  });
});
