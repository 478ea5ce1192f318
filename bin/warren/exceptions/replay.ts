import type { SeenException } from '../../../lambdas/shared/exceptions/exception-store.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import { createProgress } from '../publish/progress.ts';
import { agrees } from './consent.ts';
import type { ExceptionsDeps, Filters, ReachedExceptions } from './options.ts';
import { type ReplayLimits, type ReplayResult, replayRows } from './replay-rows.ts';
import { select } from './select.ts';
import { readSelection, type Selection, type SelectionFile, writeSelection } from './selection-file.ts';

export interface ReplayOptions extends Filters, ReplayLimits {
  readonly stage: string;
  readonly reason: string;
  readonly yes: boolean;
  readonly json: boolean;
}

export interface ResumeOptions extends ReplayLimits {
  readonly yes: boolean;
  readonly json: boolean;
}

/** `warren exceptions replay`: freezes what is meant, shows the number, and sends it again. */
export async function replay(options: ReplayOptions, io: Io, deps: ExceptionsDeps): Promise<ExitStatus> {
  const reached = await deps.reach(options.stage);
  const rows: SeenException[] = [];
  for await (const { event_id, source, version, state } of select(reached.store, options)) {
    rows.push({ event_id, source, version, state });
  }
  if (rows.length === 0) throw new UsageError(`no exception is ${options.state} and fits; nothing was done`);
  if (!(await isAgreed(rows.length, options, io, deps))) return 1;
  const { stage, reason } = options;
  const selection: Selection = { replay_id: deps.uuid(), stage, reason, who: await reached.caller(), rows, done: 0 };
  const file = await writeSelection(`replay-${selection.replay_id}.jsonl`, selection);
  return run(selection, file, reached, options, io, deps);
}

/** `warren exceptions resume`: goes on with a selection where an earlier run ended, however it ended. */
export async function resume(path: string, options: ResumeOptions, io: Io, deps: ExceptionsDeps): Promise<ExitStatus> {
  const { selection, file } = await readSelection(path);
  const reached = await deps.reach(selection.stage);
  const left = selection.rows.length - selection.done;
  if (left === 0) throw new UsageError(`${path} is replayed to its end; nothing was done`);
  if (!(await isAgreed(left, options, io, deps))) return 1;
  return run(selection, file, reached, options, io, deps);
}

async function isAgreed(number: number, { yes }: { readonly yes: boolean }, io: Io, deps: ExceptionsDeps) {
  const what = `${count(number)} ${number === 1 ? 'message is' : 'messages are'} sent again`;
  const isAgreed = await agrees(what, number, { yes, io, ask: deps.ask });
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
    });
    progress.end();
    const isOk = isFine(result, total);
    if (options.json) printJson(io, { ok: isOk, ...machineOf(result, selection, file) });
    else io.stdout.write(`${summary(result, selection, file).join('\n')}\n`);
    return isOk ? 0 : 1;
  } finally {
    progress.end();
    interrupts.release();
  }
}

function isFine({ watch, outcomes, done, stopped }: ReplayResult, total: number): boolean {
  const isAll = stopped === undefined && done === total;
  return isAll && watch.failed + watch.pending + outcomes.failed + outcomes.changed + outcomes.gone === 0;
}

function machineOf(
  { watch, outcomes, reasons, done, stopped }: ReplayResult,
  { replay_id, rows }: Selection,
  file: SelectionFile,
) {
  const { resolved, failed, pending } = watch;
  return {
    replayId: replay_id,
    rows: rows.length,
    asked: done,
    handled: resolved + outcomes.done,
    failedAgain: failed,
    pending,
    notSent: outcomes.failed,
    changed: outcomes.changed + outcomes.gone,
    reasons: [...reasons],
    stopped: stopped ?? null,
    file: file.path,
  };
}

function summary(result: ReplayResult, selection: Selection, file: SelectionFile): string[] {
  const { handled, failedAgain, pending, notSent, changed, reasons, asked, rows } = machineOf(result, selection, file);
  const parts: (readonly [number, string])[] = [
    [failedAgain, 'failed again and are open'],
    [notSent, 'could not be sent and are open'],
    [changed, 'had changed since they were chosen and were left alone'],
    [pending, 'are still on their way'],
    [rows - asked, 'are not sent yet'],
  ];
  const rest = parts.filter(([number]) => number > 0).map(([number, what]) => `${count(number)} ${what}`);
  return [
    `${count(handled)} of ${count(rows)} handled${rest.length > 0 ? `; ${rest.join(', ')}` : ''}.`,
    ...[...reasons].slice(0, 3).map((reason) => `Not sent: ${reason}`),
    ...(result.stopped === undefined ? [] : [`Stopped: ${result.stopped}.`]),
    ...(asked < rows ? [`Go on with: npx warren exceptions resume ${file.path}`] : []),
    ...(pending > 0
      ? [`See what becomes of them: npx warren exceptions list --stage ${selection.stage} --state replaying --rows`]
      : []),
  ];
}
