import { isEqual, type Move, type MoveTimes } from '../shared/table-moves/move.ts';
import { quietAt, settledAt } from '../shared/table-moves/move-steps.ts';

export type Work =
  | { readonly kind: 'copy' | 'prune' | 'compare' | 'seal' | 'open' | 'reopen' }
  /** Begin a comparison. */
  | { readonly kind: 'begin' }
  | { readonly kind: 'wait'; readonly until: number }
  /** An operator is to say what comes next. */
  | { readonly kind: 'none' };

/** What is to be done for a move, as it stands. */
export function nextWork(move: Move, times: MoveTimes, now: number): Work {
  switch (move.step) {
    case 'copying':
      if (move.copy.phase !== 'finished') return { kind: move.copy.phase };
      return comparing(move);
    case 'reading':
    case 'written':
      return comparing(move);
    case 'closing':
    case 'returning':
      return switching(move, times, now);
    case 'stopped':
    case 'done':
      return { kind: 'none' };
    default:
      throw new Error(`no rule for ${move.step satisfies never}`);
  }
}

function comparing({ comparison }: Move): Work {
  if (!comparison) return { kind: 'begin' };
  return { kind: comparison.phase === 'finished' ? 'none' : 'compare' };
}

/**
 * Writes are closed: wait until nobody writes, compare until both are equal, end following and read on the other side, wait until nobody follows or reads as
 * before, open there.
 */
function switching(move: Move, times: MoveTimes, now: number): Work {
  if (move.sealed_at !== undefined) {
    const quiet = quietAt(move, times);
    return now < quiet ? { kind: 'wait', until: quiet } : { kind: 'open' };
  }
  const closedAt = Date.parse(move.closed_at ?? '');
  if (now >= closedAt + times.closedAtMostMs) return { kind: 'reopen' };
  const settled = settledAt(move, times);
  if (now < settled) return { kind: 'wait', until: settled };
  const { comparison } = move;
  if (!comparison) return { kind: 'begin' };
  if (comparison.phase !== 'finished') return { kind: 'compare' };
  return { kind: isEqual(comparison) ? 'seal' : 'begin' };
}
