import { oneLine } from '../../../lambdas/shared/notices/plain-text.ts';
import { count } from '../publish/count.ts';
import { type ReplayLimits, type ReplayResult, usualStopAbove } from './replay-rows.ts';
import type { Selection, SelectionFile } from './selection-file.ts';
import { typedSchedule } from './time-window.ts';
import type { Failure } from './watch.ts';

/** Every message was handled, or is on its way where nobody waits for that. */
export function isFine(
  { watch, outcomes, done, stopped }: ReplayResult,
  total: number,
  { canary }: ReplayLimits,
): boolean {
  const isAll = stopped === undefined && done === total;
  const pending = canary ? watch.pending : 0;
  return isAll && watch.failed + pending + outcomes.failed + outcomes.changed + outcomes.gone === 0;
}

/** `before`: so many rows were asked for in earlier runs, and what became of them is not told here. */
export function machineOf(
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

export function summary(
  result: ReplayResult,
  selection: Selection,
  file: SelectionFile,
  limits: ReplayLimits,
  now: number,
): string[] {
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
    ...(asked < rows || result.isOver ? [goOnText(result, file, limits, now)] : []),
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

function goOnText({ isOver }: ReplayResult, { path }: SelectionFile, limits: ReplayLimits, now: number): string {
  if (isOver) return 'Repair that, and start it anew, with the same filters: what was sent is not in it.';
  const { rate, canary, stopAbove, schedule } = limits;
  const options = [
    rate && `--rate ${rate}`,
    stopAbove !== usualStopAbove && `--stop-above ${stopAbove}`,
    !canary && '--no-canary',
    typedSchedule(schedule, now),
  ].filter(Boolean);
  return `Go on with: npx warren exceptions resume ${[path, ...options].join(' ')}`;
}
