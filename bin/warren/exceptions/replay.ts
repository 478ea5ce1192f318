import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { timeOf } from '../../../lambdas/shared/notices/plain-text.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import { createProgress } from '../publish/progress.ts';
import { agrees } from './consent.ts';
import { type ExpiredChoice, frozen } from './frozen.ts';
import { breakdownOf } from './kinds.ts';
import type { ExceptionsDeps, Filters, ReachedExceptions } from './options.ts';
import { type ReplayLimits, replayRows } from './replay-rows.ts';
import { isFine, machineOf, summary } from './replay-summary.ts';
import { select } from './select.ts';
import {
  readSelection,
  type SelectedRow,
  type Selection,
  type SelectionFile,
  writeSelection,
} from './selection-file.ts';
import { scheduleOf, type TypedSchedule } from './time-window.ts';

/** As they are typed. */
export type TypedLimits = Omit<ReplayLimits, 'schedule'> & TypedSchedule;

export interface ReplayOptions extends Filters, TypedLimits, ExpiredChoice {
  readonly stage: string;
  readonly reason: string;
  readonly yes: boolean;
  readonly json: boolean;
}

export interface ResumeOptions extends TypedLimits {
  readonly yes: boolean;
  readonly json: boolean;
}

/** `warren exceptions replay`: freezes what is meant, shows the number, and sends it again. */
export async function replay(options: ReplayOptions, io: Io, deps: ExceptionsDeps): Promise<ExitStatus> {
  const limits = limitsOf(options, deps.now());
  const reached = await deps.reach(options.stage);
  const listed: ListedException[] = [];
  for await (const row of select(reached.store, options)) listed.push(row);
  const rows = await frozen(listed, reached.store, options, deps.now());
  if (rows.length === 0) throw new UsageError(`no exception is ${options.state} and fits; nothing was done`);
  const details = breakdownOf(ofThose(listed, rows));
  if (!(await isAgreed(rows.length, { ...options, details }, io, deps))) return 1;
  const { stage, reason } = options;
  const selection: Selection = { replay_id: deps.uuid(), stage, reason, who: await reached.caller(), rows, done: 0 };
  const file = await writeSelection(`replay-${selection.replay_id}.jsonl`, selection);
  return run(selection, file, reached, { ...limits, json: options.json }, io, deps);
}

/** `warren exceptions resume`: goes on with a selection where an earlier run ended, however it ended. */
export async function resume(path: string, options: ResumeOptions, io: Io, deps: ExceptionsDeps): Promise<ExitStatus> {
  const limits = limitsOf(options, deps.now());
  const { selection, file } = await readSelection(path);
  const reached = await deps.reach(selection.stage);
  const left = selection.rows.length - selection.done;
  if (left === 0) throw new UsageError(`${path} is replayed to its end; nothing was done`);
  if (!(await isAgreed(left, options, io, deps))) return 1;
  return run(selection, file, reached, { ...limits, json: options.json }, io, deps);
}

function limitsOf({ rate, stopAbove, settleSeconds, canary, ...typed }: TypedLimits, now: number): ReplayLimits {
  return { rate, stopAbove, settleSeconds, canary, schedule: scheduleOf(typed, now) };
}

/** Some may be left out. */
function ofThose(listed: readonly ListedException[], rows: readonly SelectedRow[]): ListedException[] {
  const chosen = new Set(rows.map(({ event_id, source }) => JSON.stringify([event_id, source])));
  return listed.filter(({ event_id, source }) => chosen.has(JSON.stringify([event_id, source])));
}

async function isAgreed(
  number: number,
  { yes, details = [] }: { readonly yes: boolean; readonly details?: readonly string[] },
  io: Io,
  deps: ExceptionsDeps,
) {
  const what = `${count(number)} ${number === 1 ? 'message is' : 'messages are'} sent again`;
  const isAgreed = await agrees(what, number, { yes, io, ask: deps.ask, details });
  if (!isAgreed) io.stderr.write('Nothing was done.\n');
  return isAgreed;
}

async function run(
  selection: Selection,
  file: SelectionFile,
  reached: ReachedExceptions,
  options: ReplayLimits & { readonly json: boolean },
  io: Io,
  deps: ExceptionsDeps,
): Promise<ExitStatus> {
  const interrupts = deps.listenForInterrupts(io);
  const total = selection.rows.length;
  let [text, waitsUntil] = ['', ''];
  const progress = createProgress({ stderr: io.stderr, text: () => text, total, now: deps.now });
  try {
    const result = await replayRows({
      selection,
      file,
      reached,
      limits: options,
      interrupts,
      deps,
      show(done, { resolved, failed, pending }) {
        text = `${count(resolved)} handled, ${count(failed)} failed again, ${count(pending)} on their way`;
        progress.show(done);
      },
      showWait(milliseconds) {
        // To the second: each look is some milliseconds off.
        const until = new Date(Math.round((deps.now() + milliseconds) / 1000) * 1000).toISOString();
        text = `waits until ${timeOf(until)}`;
        if (waitsUntil !== until) {
          progress.end();
          io.stderr.write(`Waits until ${timeOf(until)}.\n`);
        }
        waitsUntil = until;
        progress.show(selection.done);
      },
    });
    progress.end();
    const isOk = isFine(result, total, options);
    if (options.json) printJson(io, { ok: isOk, ...machineOf(result, selection, file) });
    else io.stdout.write(`${summary(result, selection, file, options, deps.now()).join('\n')}\n`);
    return isOk ? 0 : 1;
  } finally {
    progress.end();
    interrupts.release();
  }
}
