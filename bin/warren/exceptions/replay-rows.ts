import { mostReplays, type ReplayOutcome } from '../../../lambdas/shared/exceptions/replay-contract.ts';
import type { Interrupts } from '../publish/options.ts';
import { createPace, unlimited } from '../publish/pace.ts';
import { type ExceptionsDeps, type ReachedExceptions, ReplayNotAnsweredError } from './options.ts';
import type { SelectedRow, Selection, SelectionFile } from './selection-file.ts';
import { type Schedule, untilOpen } from './time-window.ts';
import { type Failure, mostFailures, type Watch, watchReplays } from './watch.ts';

/** In percent. */
export const usualStopAbove = 10;

export interface ReplayLimits {
  /** Rows a second. Default: as fast as it goes. */
  readonly rate?: number | undefined;
  /** Percent of those that are done with: with more of them open again, it stops. */
  readonly stopAbove: number;
  /** A few first, and the rest when it is known what became of them. Without, nobody waits: not at the end either. */
  readonly canary: boolean;
  readonly schedule: Schedule;
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
  /** It waits so long until it may send. */
  readonly showWait: (milliseconds: number) => void;
}

export interface ReplayResult {
  readonly watch: Watch;
  readonly outcomes: Readonly<Record<ReplayOutcome, number>>;
  /** Of what was not sent, one each. */
  readonly reasons: ReadonlySet<string>;
  /** The first of what was not sent. */
  readonly notSent: readonly Failure[];
  /** Rows that were asked for, with those of earlier runs. */
  readonly done: number;
  /** Why it ended before the last row. */
  readonly stopped: string | undefined;
  /** Going on from there would let messages overtake others of their lane. */
  readonly isOver: boolean;
}

/** Canaries: the first alone, then ten, then the rest; each waits until it is known what became of those before. */
const canaries = [1, 10];
/** Of the rest, how many are looked at between two requests. */
const mostLooked = 200;
const lookMs = 500;
/** Clocks may be changed meanwhile: it asks again once a minute. */
const mostWaitMs = 60_000;

export async function replayRows(run: ReplayRun): Promise<ReplayResult> {
  const { selection, file, reached, limits, interrupts, deps } = run;
  const watch = watchReplays(reached.store, selection.replay_id);
  const outcomes = { sent: 0, done: 0, changed: 0, gone: 0, failed: 0, behind: 0 };
  const reasons = new Set<string>();
  const notSent: Failure[] = [];
  const pace = limits.rate === undefined ? unlimited : createPace(limits.rate, deps.now, deps.pause);
  let done = selection.done;
  let stopped: string | undefined;
  let isOver = false;
  for (let step = 0; hasNext(); step += 1) {
    const rows = selection.rows.slice(done, done + sizeOf(step));
    await pace.before(rows.length, interrupts.stop);
    await untilItMay();
    stopped = interrupts.stop.aborted ? 'interrupted' : await whyNotAnswered(rows);
    if (stopped !== undefined) break;
    done += rows.length;
    await file.saveDone(isOver ? selection.rows.length : done);
    const isCanary = limits.canary && step < canaries.length && done < selection.rows.length;
    if (isCanary) await settle();
    else await watch.look(mostLooked);
    run.show(done, watch);
    stopped = isOver
      ? 'one could not be sent, and what is behind it in its order must not overtake it'
      : whyStop(isCanary);
  }
  if (stopped === undefined && limits.canary) await settle();
  return { watch, outcomes, reasons, notSent, done, stopped, isOver };

  function hasNext(): boolean {
    return done < selection.rows.length && stopped === undefined;
  }

  /** No more than a second's worth: a stop then comes within a second. */
  function sizeOf(step: number): number {
    const canary = limits.canary ? canaries[step] : undefined;
    return Math.min(canary ?? mostReplays, limits.rate ?? mostReplays);
  }

  async function untilItMay(): Promise<void> {
    for (;;) {
      const wait = interrupts.stop.aborted ? 0 : untilOpen(limits.schedule, deps.now());
      if (wait === 0) return;
      run.showWait(wait);
      await deps.pause(Math.min(wait, mostWaitMs), interrupts.stop);
    }
  }

  async function whyNotAnswered(rows: readonly SelectedRow[]): Promise<string | undefined> {
    try {
      await ask(rows);
      return undefined;
    } catch (error) {
      if (error instanceof ReplayNotAnsweredError) return error.message;
      throw error;
    }
  }

  async function ask(rows: readonly SelectedRow[]): Promise<void> {
    const { replay_id, who, reason: why } = selection;
    const answer = await reached.replay({ replay_id, who, why, rows: [...rows] }, interrupts.giveUp);
    for (const [at, { event_id: eventId, outcome, reason }] of answer.rows.entries()) {
      outcomes[outcome] += 1;
      if (outcome === 'failed' && rows[at]?.lane !== undefined) isOver = true;
      if (reason === undefined) continue;
      reasons.add(reason);
      if (notSent.length < mostFailures) notSent.push({ eventId, why: reason });
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
      return `${bad} of ${known} failed, which is more than ${limits.stopAbove} % (--stop-above)`;
    }
    return isCanary && watch.pending > 0
      ? `after ${limits.settleSeconds} s it is not known what became of the first ${done} (is their consumer paused? --no-canary waits for nothing)`
      : undefined;
  }
}
