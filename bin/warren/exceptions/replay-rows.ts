import type { SeenException } from '../../../lambdas/shared/exceptions/exception-store.ts';
import { mostReplays, type ReplayOutcome } from '../../../lambdas/shared/exceptions/replay-contract.ts';
import type { Interrupts } from '../publish/options.ts';
import { createPace, unlimited } from '../publish/pace.ts';
import { type ExceptionsDeps, type ReachedExceptions, ReplayNotAnsweredError } from './options.ts';
import type { Selection, SelectionFile } from './selection-file.ts';
import { type Watch, watchReplays } from './watch.ts';

export interface ReplayLimits {
  /** Rows a second. Default: as fast as it goes. */
  readonly rate?: number | undefined;
  /** Percent of those that are done with: with more of them open again, it stops. */
  readonly stopAbove: number;
  /** How long it waits for the first, for the next ten, and at the end, for what is still on its way. */
  readonly settleSeconds: number;
}

export interface ReplayRun {
  readonly selection: Selection;
  readonly file: SelectionFile;
  readonly reached: ReachedExceptions;
  readonly limits: ReplayLimits;
  readonly interrupts: Interrupts;
  readonly deps: Pick<ExceptionsDeps, 'pause' | 'now'>;
  readonly show: (done: number, watch: Watch) => void;
}

export interface ReplayResult {
  readonly watch: Watch;
  readonly outcomes: Readonly<Record<ReplayOutcome, number>>;
  /** Of what was not sent, one each. */
  readonly reasons: ReadonlySet<string>;
  /** Rows that were asked for, with those of earlier runs. */
  readonly done: number;
  /** Why it ended before the last row. */
  readonly stopped: string | undefined;
}

/** Canaries: the first alone, then ten, then the rest; each waits until it is known what became of those before. */
const canaries = [1, 10];
/** Of the rest, how many are looked at between two requests. */
const mostLooked = 200;
const lookMs = 500;

export async function replayRows(run: ReplayRun): Promise<ReplayResult> {
  const { selection, file, reached, limits, interrupts, deps } = run;
  const watch = watchReplays(reached.store, selection.replay_id);
  const outcomes = { sent: 0, done: 0, changed: 0, gone: 0, failed: 0 };
  const reasons = new Set<string>();
  const pace = limits.rate === undefined ? unlimited : createPace(limits.rate, deps.now, deps.pause);
  let done = selection.done;
  let stopped: string | undefined;
  for (let step = 0; hasNext(); step += 1) {
    const rows = selection.rows.slice(done, done + sizeOf(step));
    await pace.before(rows.length, interrupts.stop);
    stopped = interrupts.stop.aborted ? 'interrupted' : await whyNotAnswered(rows);
    if (stopped !== undefined) break;
    done += rows.length;
    await file.saveDone(done);
    const isCanary = step < canaries.length && done < selection.rows.length;
    if (isCanary) await settle();
    else await watch.look(mostLooked);
    run.show(done, watch);
    stopped = whyStop(isCanary);
  }
  if (stopped === undefined) await settle();
  return { watch, outcomes, reasons, done, stopped };

  function hasNext(): boolean {
    return done < selection.rows.length && stopped === undefined;
  }

  /** No more than a second's worth: a stop then comes within a second. */
  function sizeOf(step: number): number {
    return Math.min(canaries[step] ?? mostReplays, limits.rate ?? mostReplays);
  }

  async function whyNotAnswered(rows: readonly SeenException[]): Promise<string | undefined> {
    try {
      await ask(rows);
      return undefined;
    } catch (error) {
      if (error instanceof ReplayNotAnsweredError) return error.message;
      throw error;
    }
  }

  async function ask(rows: readonly SeenException[]): Promise<void> {
    const { replay_id, who, reason: why } = selection;
    const answer = await reached.replay({ replay_id, who, why, rows: [...rows] }, interrupts.giveUp);
    for (const { outcome, reason } of answer.rows) {
      outcomes[outcome] += 1;
      if (reason !== undefined) reasons.add(reason);
    }
    watch.add(answer.rows.filter(({ outcome }) => outcome === 'sent'));
  }

  async function settle(): Promise<void> {
    const deadline = deps.now() + limits.settleSeconds * 1000;
    for (;;) {
      await watch.look();
      run.show(done, watch);
      if (watch.pending === 0 || interrupts.stop.aborted || deps.now() > deadline) return;
      await deps.pause(lookMs, interrupts.stop);
    }
  }

  function whyStop(isCanary: boolean): string | undefined {
    const bad = watch.failed + outcomes.failed;
    const known = bad + watch.resolved + outcomes.done;
    if (known > 0 && (bad / known) * 100 > limits.stopAbove) {
      return `${bad} of ${known} failed, which is more than ${limits.stopAbove} %`;
    }
    return isCanary && watch.pending > 0
      ? `after ${limits.settleSeconds} s it is not known what became of the first ${done}`
      : undefined;
  }
}
