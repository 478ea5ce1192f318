import type { Surge } from '../../../lambdas/shared/audit/audit-log.ts';
import { type ExitStatus, UsageError } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import { messages } from '../publish/count.ts';
import type { Interrupts } from '../publish/options.ts';
import { type Drain, type Watching, watchDrain } from './drain.ts';
import { findQueue, quotedName, targetOf } from './find.ts';
import type { ActOptions } from './pause.ts';
import { hasConcurrency, type SetBack, setBack } from './set-back.ts';
import { settled } from './settled.ts';
import { type DeployedQueue, type Mapping, type OperatorRun, totalOf } from './stage.ts';
import { tellSurge } from './surge-summary.ts';

export interface SurgeOptions extends ActOptions, Watching {
  readonly concurrency: number;
}

/** `warren surge QUEUE --concurrency N` */
export async function surge(name: string, options: SurgeOptions, run: OperatorRun): Promise<ExitStatus> {
  const { stage, io, deps } = run;
  const queue = findQueue(name, await stage.queues.list());
  const { consumer, mappings } = targetOf(queue, await stage.mappings.list(), stage);
  const before = await concurrencyToRaise(mappings, consumer, options, run);
  if (queue.isFifo) io.stderr.write(`${fifoText(queue)}\n`);
  const question = `Raise ${consumer} from ${before} to ${options.concurrency} at once? ${quotedName(queue)} holds ${messages(totalOf(queue.depth))}.`;
  if (!(await confirmed(question, options, io))) {
    io.stderr.write(`${consumer} is left as it is.\n`);
    return 0;
  }
  const interrupts = deps.listenForInterrupts(io, 'what was there before is restored');
  try {
    const mapping = mappings[0]?.id ?? '';
    const opened = await open({ subject: `consumer ${consumer}`, mapping, before }, options, run);
    const started = deps.now();
    const { drain, problem } = await drained(queue, opened, options, run, interrupts);
    const seconds = (deps.now() - started) / 1000;
    const { result, failure } = await ended(opened, run, interrupts);
    const stopped = problem ?? (options.untilDrained && !drain?.isEmpty ? 'interrupted' : undefined);
    return tellSurge({ queue, surge: opened, drain, seconds, stopped, result, failure }, options, io);
  } finally {
    interrupts.release();
  }
}

/** What it is now. Throws a `UsageError` when it cannot, or must not, be raised to what is asked for. */
async function concurrencyToRaise(
  [mapping]: readonly Mapping[],
  consumer: string,
  { concurrency }: SurgeOptions,
  { stage }: OperatorRun,
): Promise<number> {
  const before = mapping?.maximumConcurrency;
  if (mapping === undefined || before === undefined)
    throw new UsageError(`${consumer} has no maximum concurrency: Lambda already goes as far as it may`);
  if (concurrency <= before)
    throw new UsageError(`${consumer} has a maximum concurrency of ${before} already: name more than that`);
  const reserved = await stage.mappings.reservedConcurrency(mapping.functionName);
  if (reserved !== undefined && concurrency > reserved)
    throw new UsageError(
      `${consumer} has a reserved concurrency of ${reserved}: what is over it would be throttled, and throttled receives count. Name ${reserved} at most, or raise the reservation first`,
    );
  return before;
}

/** On record before anything is changed: `--restore` finds it, whatever becomes of us. */
async function open(
  { subject, mapping, before }: Pick<Surge, 'subject' | 'mapping' | 'before'>,
  { concurrency: during, who, reason: why, ...options }: SurgeOptions,
  { stage, deps }: OperatorRun,
): Promise<Surge> {
  const operator = { who: who ?? (await stage.caller()), why };
  if (!(await stage.audit.openSurge({ subject, mapping, before, during, ...operator })))
    throw new UsageError(await inForceText(subject, stage.audit.surges()));
  const [from, to] = [{ maximumConcurrency: before }, { maximumConcurrency: during }];
  const act = options.untilDrained ? 'surge until drained' : 'surge';
  await stage.audit.record({ subject, act, ...operator, before: from, after: to });
  return { subject, mapping, before, during, ...operator, at: new Date(deps.now()).toISOString() };
}

async function inForceText(subject: string, surges: Promise<readonly Surge[]>): Promise<string> {
  const found = (await surges).find((one) => one.subject === subject);
  const whose = found ? ` of ${found.who}, since ${found.at} (${found.why})` : '';
  return `a surge of ${subject} is in force${whose}: let it end there. If nobody runs it any more: npx warren surge --restore QUEUE`;
}

interface Drained {
  readonly drain?: Drain;
  /** Why it ended before its time. */
  readonly problem?: string;
}

/** Whatever goes wrong from here on, the concurrency is to be set back. */
async function drained(
  queue: DeployedQueue,
  { mapping, during }: Surge,
  options: SurgeOptions,
  run: OperatorRun,
  { stop }: Interrupts,
): Promise<Drained> {
  try {
    await run.stage.mappings.change(mapping, { maximumConcurrency: during });
    await settled([mapping], (one) => hasConcurrency(one, during), run, stop);
    return { drain: await watchDrain({ queue, mapping }, options, run, stop) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function ended(
  surge: Surge,
  run: OperatorRun,
  { giveUp }: Interrupts,
): Promise<{ readonly result?: SetBack; readonly failure?: string }> {
  try {
    return { result: await setBack(surge, { who: surge.who, why: surge.why }, run, giveUp) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function fifoText(queue: DeployedQueue): string {
  return `${quotedName(queue)} is a FIFO queue: messages of one key are handled one after another, so no more batches are in work than keys wait.`;
}
