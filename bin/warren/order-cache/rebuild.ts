import type { RebuildAnswer, RebuildRequest } from '../../../lambdas/shared/order-cache/rebuild-contract.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { count } from '../publish/count.ts';
import type { Interrupts } from '../publish/options.ts';
import { createProgress, type Progress } from '../publish/progress.ts';
import { PageFailedError, type PutPage, type RebuildDeps, type RebuildOptions } from './options.ts';

/** Of one page, the first included: seven seconds in which a cache may come back. */
const tries = 4;
const firstPauseMs = 1_000;

interface Tally {
  stored: number;
  kept: number;
  readonly unreadable: string[];
  /** The last order that is done. */
  after: string | undefined;
}

/** `warren order-cache rebuild` */
export async function rebuild(options: RebuildOptions, io: Io, deps: RebuildDeps): Promise<ExitStatus> {
  const putPage = await deps.reach(options.stage);
  const started = deps.now();
  const interrupts = deps.listenForInterrupts(io);
  const tally: Tally = { stored: 0, kept: 0, unreadable: [], after: options.after };
  try {
    const stopped = await putPages(putPage, tally, { options, io, deps, interrupts });
    const result = { ...tally, seconds: (deps.now() - started) / 1000, stopped };
    if (options.json) printJson(io, { ok: stopped === undefined && tally.unreadable.length === 0, ...result });
    else io.stdout.write(`${summary(result, options)}\n`);
    return stopped === undefined && tally.unreadable.length === 0 ? 0 : 1;
  } finally {
    interrupts.release();
  }
}

interface Run {
  readonly options: RebuildOptions;
  readonly io: Io;
  readonly deps: RebuildDeps;
  readonly interrupts: Interrupts;
}

/** Answers why it stopped before the end, if it did. Throws a `UsageError` when not even the first page was put. */
async function putPages(putPage: PutPage, tally: Tally, run: Run): Promise<string | undefined> {
  const { options, io, deps, interrupts } = run;
  let progress: Progress | undefined;
  try {
    while (!interrupts.stop.aborted) {
      const answer = await putPatiently(putPage, { after: tally.after, limit: options.page }, run);
      add(answer, tally);
      const text = () => `${count(readSoFar(tally))} orders read`;
      progress ??= createProgress({ stderr: io.stderr, text, total: answer.roughTotal, now: deps.now });
      progress.show(readSoFar(tally));
      if (answer.next === undefined) return undefined;
    }
    return 'interrupted';
  } catch (error) {
    if (!(error instanceof PageFailedError)) throw error;
    if (readSoFar(tally) === 0) throw new UsageError(`${error.message}; nothing was done`, { cause: error });
    return interrupts.giveUp.aborted ? 'interrupted' : error.message;
  } finally {
    progress?.end();
  }
}

async function putPatiently(
  putPage: PutPage,
  request: RebuildRequest,
  { deps, interrupts }: Run,
): Promise<RebuildAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await putPage(request, interrupts.giveUp);
    } catch (error) {
      const isOver = attempt === tries || interrupts.stop.aborted;
      if (isOver || !(error instanceof PageFailedError) || error.isFinal) throw error;
      await deps.pause(firstPauseMs * 2 ** (attempt - 1), interrupts.stop);
    }
  }
}

function add({ stored, kept, unreadable, next }: RebuildAnswer, tally: Tally): void {
  tally.stored += stored;
  tally.kept += kept;
  tally.unreadable.push(...unreadable);
  if (next !== undefined) tally.after = next;
}

function readSoFar({ stored, kept, unreadable }: Tally): number {
  return stored + kept + unreadable.length;
}

const shown = 10;

function summary(
  { stopped, seconds, ...tally }: Tally & { readonly seconds: number; readonly stopped: string | undefined },
  { stage, page }: RebuildOptions,
): string {
  const { stored, kept, unreadable, after } = tally;
  const more = unreadable.length > shown ? ` and ${count(unreadable.length - shown)} more` : '';
  const again = [
    'npx warren order-cache rebuild',
    `--stage ${stage}`,
    `--page ${page}`,
    ...(after ? [`--after ${after}`] : []),
  ];
  return [
    `${count(readSoFar(tally))} orders read in ${seconds.toFixed(1)} s: ${count(stored)} put into the cache, ${count(kept)} newer there.`,
    ...(unreadable.length > 0 ? [`No orders, and left out: ${unreadable.slice(0, shown).join(', ')}${more}`] : []),
    ...(stopped === undefined ? [] : [`Stopped: ${stopped}`, `Go on with: ${again.join(' ')}`]),
  ].join('\n');
}
