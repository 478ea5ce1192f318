import { isEqual, type Move, type MoveStep } from '../../../lambdas/shared/table-moves/move.ts';
import type { MoverRequest, ShownMove } from '../../../lambdas/shared/table-moves/mover-contract.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { createProgress } from '../publish/progress.ts';
import { noMoves } from './list.ts';
import { type ActOptions, MoverNotAnsweredError, type ReachedMover, type TablesDeps } from './options.ts';
import { moveText, progressText } from './text.ts';

export type Act = 'start' | 'next' | 'back' | 'compare';

/** `warren tables start|next|back|compare TABLE`: one step, on record before it is done, and watched until it is through. */
export async function actOnTable(
  act: Act,
  table: string,
  options: ActOptions & { readonly rate: number },
  io: Io,
  deps: TablesDeps,
): Promise<ExitStatus> {
  const { stage, json } = options;
  const mover = await deps.reach(stage);
  if (!mover) throw new UsageError(`${noMoves}: nothing was done`);
  const shown = await shownOf(mover, table);
  const seen = shown.move?.step ?? 'stopped';
  if (!(await confirmed(question(act, shown), options, io))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const arn = await mover.caller();
  const operator = { who: options.who === undefined ? arn : `${options.who} (${arn})`, why: options.reason };
  await mover.audit.record({
    subject: `table ${table}`,
    act: `move: ${act}`,
    ...operator,
    before: { step: seen },
    after: {},
  });
  const answer = await mover.ask(requestOf(act, { table, seen, operator, rate: options.rate })).catch(unknown);
  if (answer.outcome === 'refused') throw new UsageError(`${answer.reason}; nothing was done`);
  const done = options.wait ? await watched(table, mover, io, deps) : answer.moves[0];
  const isBack = (act === 'next' || act === 'back') && done?.move?.step === seen;
  const isOk = isWell(done?.move) && !isBack;
  if (json) printJson(io, { ok: isOk, ...done });
  else if (done) io.stdout.write(`${moveText(done, stage).join('\n')}\n`);
  if (isBack) io.stderr.write(`${table} is ${seen} as before: ${whyBack}.\n`);
  return isOk ? 0 : 1;
}

const whyBack = 'its writes were closed for too long and are open where they were, or somebody else went back';

interface Asked {
  readonly table: string;
  readonly seen: MoveStep;
  readonly operator: { readonly who: string; readonly why: string };
  readonly rate: number;
}

function requestOf(act: Act, { table, seen, operator, rate }: Asked): MoverRequest {
  if (act === 'start') return { act, table, rate, operator };
  if (act === 'compare') return { act, table, operator };
  return { act, table, seen, operator };
}

async function shownOf(mover: ReachedMover, table: string): Promise<ShownMove> {
  const answer = await mover.ask({ act: 'list' }).catch(unknown);
  const moves = answer.outcome === 'done' ? answer.moves : [];
  const found = moves.find((move) => move.table === table);
  if (found) return found;
  throw new UsageError(
    `no move of ${table} is declared: there is one of ${moves.map((move) => move.table).join(', ')}; nothing was done`,
  );
}

/** Until an operator is to say what comes next, or does not want to watch: the schedule goes on by itself. */
async function watched(table: string, mover: ReachedMover, io: Io, deps: TablesDeps): Promise<ShownMove | undefined> {
  const interrupts = deps.listenForInterrupts(io, 'the move goes on by itself');
  let shown: ShownMove | undefined;
  const progress = createProgress({
    stderr: io.stderr,
    text: (seconds) => (shown ? progressText(shown, seconds) : ''),
    now: deps.now,
  });
  try {
    do {
      const answer = await mover.ask({ act: 'work', table }).catch(unknown);
      if (answer.outcome === 'refused') throw new UsageError(answer.reason);
      shown = answer.moves[0];
      progress.show(0);
      if (isAtWork(shown)) await deps.pause(500, interrupts.stop);
    } while (isAtWork(shown) && !interrupts.stop.aborted);
    return shown;
  } finally {
    progress.end();
    interrupts.release();
  }
}

function isAtWork(shown: ShownMove | undefined): boolean {
  const { step, copy, comparison } = shown?.move ?? {};
  if (step === 'closing' || step === 'returning') return true;
  if (step === 'copying') return copy?.phase !== 'finished' || comparison?.phase !== 'finished';
  return comparison !== undefined && comparison.phase !== 'finished';
}

/** What was compared was equal; and nobody has to come back to it. */
function isWell(move: Move | undefined): boolean {
  const { comparison } = move ?? {};
  return comparison?.phase !== 'finished' || isEqual(comparison);
}

function question(act: Act, { table, target, move }: ShownMove): string {
  const step = move?.step ?? 'stopped';
  if (act === 'start') return `Copy ${table} to ${target}, and its changes from now on?`;
  if (act === 'compare') return `Read all of ${table} and ${target}, and compare them?`;
  const closes = 'Writes are closed for a minute or more: whoever writes is sent back, and tries again.';
  if (act === 'back')
    return step === 'written' ? `${closes} Go back to ${table}?` : `${table} is ${step}: go one step back?`;
  if (step === 'reading') return `${closes} Then ${target} is written: go on?`;
  if (step === 'written')
    return `${table} will no longer be kept up to date: there is no way back from there. End the move to ${target}?`;
  return `${table} is ${step}: go one step on?`;
}

function unknown(error: unknown): never {
  if (error instanceof MoverNotAnsweredError)
    throw new UsageError(`${error.message}; what it did is not known: npx warren tables`, { cause: error });
  throw error;
}
