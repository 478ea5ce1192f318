import { PartitionsChangedError, type PartitionTimes } from '../../../lambdas/shared/partitions/assignment.ts';
import type { Progress } from '../../../lambdas/shared/partitions/progress.ts';
import { back, PartitionCountError, ResizedMeanwhileError, resize } from '../../../lambdas/shared/partitions/resize.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import type { ActOptions, PartitionsDeps, ReachedPartitions } from './options.ts';
import { progressLine, type Shown, shownOf } from './show.ts';

/** `warren partitions resize EXCHANGE --to N`. Stopped at any time, it is run again. */
export async function resizePartitions(
  exchange: string,
  options: ActOptions & { readonly to: number },
  io: Io,
  deps: PartitionsDeps,
): Promise<ExitStatus> {
  const one = await only(exchange, options, deps);
  const { to } = options;
  const { active, declared } = await shownOf(one);
  if (to > declared) throw new UsageError(new PartitionCountError(exchange, to, declared).message);
  const question =
    active === to
      ? `The last step of ${exchange}, to ${to} partitions, is not done yet. Go on with it?`
      : `${exchange} has ${active} partitions in use. Use ${to}? Messages of keys that move wait until those before them are handled; other keys do not notice.`;
  return await run(one, {
    act: 'resize partitions',
    to,
    question,
    isSo: (shown) => shown.active === to,
    work: (world) => resize(world, to),
    options,
    io,
  });
}

/** `warren partitions back EXCHANGE` */
export async function backPartitions(
  exchange: string,
  options: ActOptions,
  io: Io,
  deps: PartitionsDeps,
): Promise<ExitStatus> {
  const one = await only(exchange, options, deps);
  const { active, steps } = await shownOf(one);
  const last = steps.at(-1);
  if (!last) throw new UsageError(`nobody has ever changed the partitions of ${exchange}`);
  return await run(one, {
    act: 'take partitions back',
    to: last.isBack ? last.to : last.from,
    question: last.isBack
      ? `The last step of ${exchange} is on its way back to ${last.to} partitions. Go on with it?`
      : `${exchange} has ${active} partitions in use. Go back to ${last.from}?`,
    isSo: (shown) => shown.steps.at(-1)?.isBack === true,
    work: back,
    options,
    io,
  });
}

interface Act {
  readonly act: string;
  readonly to: number;
  readonly question: string;
  /** Whether that is what was done last. */
  readonly isSo: (shown: Shown) => boolean;
  readonly work: (deps: Parameters<typeof resize>[0]) => Promise<unknown>;
  readonly options: ActOptions;
  readonly io: Io;
}

async function run(one: ReachedPartitions, { act, to, question, isSo, work, options, io }: Act): Promise<ExitStatus> {
  const before = await shownOf(one);
  if (isSo(before) && before.steps.every(({ phase }) => phase === 'drained')) {
    io.stderr.write('It is so already: nothing was done.\n');
    return tellResult(before, to, options, io);
  }
  if (!(await confirmed(question, options, io))) {
    io.stderr.write('Nothing was done.\n');
    return 1;
  }
  const differenceMs = await one.clockDifferenceMs();
  if (differenceMs > one.times.skewMs) throw new UsageError(wrongClock(differenceMs));
  const { active } = await shownOf(one);
  await one.audit.record({
    subject: `exchange ${one.ring.exchange.name}`,
    act,
    who: options.who ?? (await one.caller()),
    why: options.reason,
    before: { partitions: active },
    after: { partitions: to },
  });
  io.stderr.write('It can be stopped at any time: the same command, run again, goes on where it was.\n');
  try {
    await work({ ...one, report: teller(io, one.times) });
  } catch (error) {
    if (error instanceof ResizedMeanwhileError || error instanceof PartitionsChangedError)
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
  return tellResult(await shownOf(one), to, options, io);
}

function tellResult(shown: Shown, to: number, { json }: ActOptions, io: Io): ExitStatus {
  const isSo = shown.active === to;
  if (!isSo) io.stderr.write(`Somebody has changed it meanwhile: ${to} were asked for.\n`);
  if (json) printJson(io, { ok: isSo, ...shown });
  else io.stdout.write(`${shown.exchange}: ${shown.active} of ${shown.declared} partitions are in use.\n`);
  return isSo ? 0 : 1;
}

/** Tells what has changed since it told last. */
function teller(io: Io, times: PartitionTimes): (progress: Progress) => void {
  const told = new Map<number, string>();
  return (progress) => {
    const line = progressLine(progress, times);
    if (told.get(progress.version) === line) return;
    told.set(progress.version, line);
    io.stderr.write(`${line}\n`);
  };
}

async function only(exchange: string, options: ActOptions, { reach }: PartitionsDeps): Promise<ReachedPartitions> {
  const [one, other] = await reach(options, exchange);
  if (!one || other) throw new UsageError(`several vhosts have an exchange '${exchange}'`);
  // Functions that know fewer than the assignment speaks of refuse to go on.
  if (!one.isDeployed) throw new UsageError(notDeployed(exchange, options));
  return one;
}

function wrongClock(differenceMs: number): string {
  return `the clock of this machine differs from that of AWS by at least ${differenceMs} ms, and publishers would change sides too early or too late by it: set it right`;
}

function notDeployed(exchange: string, { stage, file }: ActOptions): string {
  return `the functions of stage '${stage}' are deployed with other partitions of '${exchange}' than ${file} has: deploy it first, or name the definitions that are deployed (--file)`;
}
