import type { ListedException } from '../../../lambdas/shared/exceptions/exception-row.ts';
import { oneLine } from '../../../lambdas/shared/notices/plain-text.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import { createProgress } from '../publish/progress.ts';
import { agrees } from './consent.ts';
import { type ExpiredChoice, frozen } from './frozen.ts';
import { breakdownOf } from './kinds.ts';
import type { ExceptionsDeps, Filters, ReachedExceptions } from './options.ts';
import { type ReplayLimits, type ReplayResult, replayRows, usualStopAbove } from './replay-rows.ts';
import { select } from './select.ts';
import {
  readSelection,
  type SelectedRow,
  type Selection,
  type SelectionFile,
  writeSelection,
} from './selection-file.ts';
import { scheduleOf, type TypedSchedule, typedSchedule } from './time-window.ts';
import type { Failure } from './watch.ts';

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
  const reached = await deps.reach(options.stage);
  const limits = limitsOf(options, deps.now());
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
  let text = '';
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
        const until = new Date(deps.now() + milliseconds).toISOString();
        text = `waits until ${until.slice(0, 16)} UTC`;
        progress.show(selection.done);
      },
    });
    progress.end();
    const isOk = isFine(result, total, options);
    if (options.json) printJson(io, { ok: isOk, ...machineOf(result, selection, file) });
    else io.stdout.write(`${summary(result, selection, file, options).join('\n')}\n`);
    return isOk ? 0 : 1;
  } finally {
    progress.end();
    interrupts.release();
  }
}

function isFine({ watch, outcomes, done, stopped }: ReplayResult, total: number, { canary }: ReplayLimits): boolean {
  const isAll = stopped === undefined && done === total;
  const pending = canary ? watch.pending : 0;
  return isAll && watch.failed + pending + outcomes.failed + outcomes.changed + outcomes.gone === 0;
}

/** `before`: so many rows were asked for in earlier runs, and what became of them is not told here. */
function machineOf(
  { watch, outcomes, reasons, notSent, done, stopped }: ReplayResult,
  { replay_id, rows, done: before }: Selection,
  file: SelectionFile,
) {
  const { resolved, failed, pending } = watch;
  return {
    replayId: replay_id,
    rows: rows.length,
    asked: done,
    before,
    handled: resolved + outcomes.done,
    failedAgain: failed,
    pending,
    notSent: outcomes.failed,
    behind: outcomes.behind,
    changed: outcomes.changed + outcomes.gone,
    reasons: [...reasons],
    failures: [...watch.failures, ...notSent],
    stopped: stopped ?? null,
    file: file.path,
  };
}

function summary(result: ReplayResult, selection: Selection, file: SelectionFile, limits: ReplayLimits): string[] {
  const told = machineOf(result, selection, file);
  const { handled, failedAgain, pending, notSent, behind, changed, asked, before, rows } = told;
  const parts: (readonly [number: number, one: string, many: string])[] = [
    [failedAgain, 'failed again and is open', 'failed again and are open'],
    [notSent, 'could not be sent and waits as before', 'could not be sent and wait as before'],
    [behind, 'waits behind what could not be sent', 'wait behind what could not be sent'],
    [
      changed,
      'had changed since it was chosen and was left alone',
      'had changed since they were chosen and were left alone',
    ],
    [pending, 'is still on its way', 'are still on their way'],
    [rows - asked, 'is not sent yet', 'are not sent yet'],
  ];
  const rest = parts
    .filter(([number]) => number > 0)
    .map(([number, one, many]) => `${count(number)} ${number === 1 ? one : many}`);
  return [
    `${handledText(handled, rows - before, before)}${rest.length > 0 ? `; ${rest.join(', ')}` : ''}.`,
    ...result.watch.failures.map((one) => `Failed again: ${failureText(one)}`),
    ...result.notSent.map((one) => `Not sent: ${failureText(one)}`),
    ...(result.stopped === undefined ? [] : [`Stopped: ${result.stopped}.`]),
    ...goOnText(result, asked < rows, file, limits),
    ...(pending > 0
      ? [`See what becomes of them: npx warren exceptions list --stage ${selection.stage} --state replaying --rows`]
      : []),
  ];
}

function failureText({ eventId, why }: Failure): string {
  return `${eventId}: ${oneLine(why)}`;
}

/** Of a run that goes on where another ended: only of what was left. */
function handledText(handled: number, rows: number, before: number): string {
  if (before === 0) return `${count(handled)} of ${count(rows)} handled`;
  return `${count(handled)} of the ${count(rows)} that were left handled (${count(before)} before)`;
}

function goOnText({ isOver }: ReplayResult, isLeft: boolean, { path }: SelectionFile, limits: ReplayLimits): string[] {
  if (isOver) return ['Repair that, and start it anew, with the same filters: what was sent is not in it.'];
  if (!isLeft) return [];
  const { rate, canary, stopAbove, schedule } = limits;
  const options = [
    rate && `--rate ${rate}`,
    stopAbove !== usualStopAbove && `--stop-above ${stopAbove}`,
    !canary && '--no-canary',
    typedSchedule(schedule),
  ].filter(Boolean);
  return [`Go on with: npx warren exceptions resume ${[path, ...options].join(' ')}`];
}
