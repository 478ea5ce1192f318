import { keyText } from '../../../lambdas/shared/table-moves/key-mapping.ts';
import { type Comparison, isEqual, type Move } from '../../../lambdas/shared/table-moves/move.ts';
import type { ShownMove } from '../../../lambdas/shared/table-moves/mover-contract.ts';
import { count } from '../publish/count.ts';

/** Of what differs, so many keys as examples. */
const mostExamples = 10;

/** A move as it stands, and what can be done next. */
export function moveText(shown: ShownMove, stage: string): string[] {
  const { table, target, move } = shown;
  if (!move) return [`${table} → ${target}: not started. Next: ${commandOf('start', table, stage)}`];
  const { who, at } = move.started;
  return [
    `${table} → ${target}: ${stepText(move, shown)}`,
    `  started by ${who} at ${at}; ${move.rate} items a second at most`,
    `  ${copyText(move, shown.roughTotal)}`,
    ...(move.comparison ? comparisonText(move.comparison).map((line) => `  ${line}`) : ['  not compared']),
    ...nextText(move, stage).map((line) => `  ${line}`),
  ];
}

/** One line, while somebody watches. */
export function progressText({ move, waitsUntil }: ShownMove, seconds: number): string {
  if (!move) return 'not started';
  const { copy, comparison } = move;
  const doing = isAt(move);
  const rate = Math.round((copy.copied + copy.newer) / Math.max(1, seconds));
  if (doing === 'copying') return `${count(copy.copied + copy.newer)} items copied, ${count(rate)}/s`;
  const compared = comparison
    ? `${count(comparison.equal)} equal, ${count(comparison.suspects.length)} to look at again`
    : '';
  return waitsUntil === undefined ? `${move.step}: ${compared}` : `${move.step}: waits until ${waitsUntil}`;
}

function isAt({ copy }: Move): 'copying' | 'comparing' {
  return copy.phase === 'finished' ? 'comparing' : 'copying';
}

const steps: Readonly<Record<Move['step'], string>> = {
  stopped: 'stopped. Read and written at the source; nothing is copied',
  copying: 'copying. Read and written at the source, its changes follow to the target',
  reading: 'reading. Read at the target and compared with the source, which is written',
  closing: 'closing. WRITES ARE CLOSED, to be opened at the target',
  written: 'written. Read and written at the target, its changes follow to the source',
  returning: 'returning. WRITES ARE CLOSED, to be opened at the source',
  done: 'done. Read and written at the target; the source is no longer kept up to date',
};

function stepText({ step, closed_at }: Move, { waitsUntil }: ShownMove): string {
  const closed = closed_at === undefined ? '' : `, closed since ${closed_at}`;
  return `${steps[step]}${closed}${waitsUntil === undefined ? '' : `, waits until ${waitsUntil}`}`;
}

function copyText({ copy }: Move, roughTotal: number | undefined): string {
  const of = roughTotal === undefined ? '' : ` of some ${count(roughTotal)}`;
  const pruned = copy.pruned > 0 ? `, ${count(copy.pruned)} taken out that the source has no more` : '';
  const phase = copy.phase === 'finished' ? 'copied' : 'being copied';
  return `${count(copy.copied)}${of} items ${phase}, ${count(copy.newer)} had followed before${pruned}`;
}

/** The checker's report. */
export function comparisonText(comparison: Comparison): string[] {
  const { equal, missing, extra, different, suspects, started_at, finished_at } = comparison;
  if (finished_at === undefined) return [`being compared since ${started_at}: ${count(equal)} equal so far`];
  if (isEqual(comparison)) return [`EQUAL: ${count(equal)} items, compared until ${finished_at}`];
  return [
    `NOT EQUAL: ${count(equal)} equal, ${count(missing)} missing at the target, ${count(extra)} extra there, ${count(different)} different; compared until ${finished_at}`,
    ...suspects.slice(0, mostExamples).map((key) => `  ${keyText(key)}`),
  ];
}

/** What `back` refuses is not offered. */
function hasWayBack({ step, sealed_at, comparison }: Move): boolean {
  if (step === 'stopped' || step === 'done' || sealed_at !== undefined) return false;
  return step !== 'written' || comparison?.phase !== 'finished' || isEqual(comparison);
}

function commandOf(act: string, table: string, stage: string): string {
  return `npx warren tables ${act} ${table} --stage ${stage} --reason '…'`;
}

function nextText(move: Move, stage: string): string[] {
  const { step, comparison, table } = move;
  const command = (act: string) => commandOf(act, table, stage);
  const back = hasWayBack(move) ? [`back: ${command('back')}`] : [];
  if (step === 'closing' || step === 'returning') return ['next: by itself', ...back];
  if (step === 'stopped') return [`next: ${command('start')}`];
  if (step === 'done') {
    return [
      'next: take the new table into the stack (docs/tables.md, "After"); until then keep the declaration:',
      '      a deployment without it lets the target go, and functions write the source again',
    ];
  }
  return [`next: ${command(isEqual(comparison) ? 'next' : 'compare')}`, ...back];
}
