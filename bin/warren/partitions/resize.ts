import { PartitionsChangedError } from '../../../lambdas/shared/partitions/assignment.ts';
import {
  back,
  PartitionCountError,
  type Progress,
  ResizedMeanwhileError,
  resize,
} from '../../../lambdas/shared/partitions/resize.ts';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { confirmed } from '../operator/confirmed.ts';
import type { ActOptions, PartitionsDeps, ReachedPartitions } from './options.ts';
import { progressLine, shownOf } from './show.ts';

/** `warren partitions resize EXCHANGE --to N`. Stopped at any time, it is run again. */
export async function resizePartitions(
  exchange: string,
  options: ActOptions & { readonly to: number },
  io: Io,
  deps: PartitionsDeps,
): Promise<ExitStatus> {
  const one = await only(exchange, options, deps);
  const { active, declared } = await shownOf(one);
  if (options.to > declared) throw new UsageError(new PartitionCountError(exchange, options.to, declared).message);
  const question = `${exchange} has ${active} partitions in use. Use ${options.to}? Keys that move wait until what is left of them is handled; the others do not notice.`;
  const act = { act: 'resize partitions', to: options.to, question };
  return await run(one, act, options, io, (world) => resize(world, options.to));
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
  // It is finished, and not gone back on.
  const to = last.isBack ? active : last.from;
  const question = last.isBack
    ? `The last step of ${exchange} was taken back (it has ${active} partitions in use). Finish that?`
    : `Take the last step of ${exchange} back (it has ${active} partitions in use)?`;
  return await run(one, { act: 'take partitions back', to, question }, options, io, back);
}

interface Act {
  readonly act: string;
  readonly to: number;
  readonly question: string;
}

async function run(
  one: ReachedPartitions,
  { act, to, question }: Act,
  options: ActOptions,
  io: Io,
  work: (deps: Parameters<typeof resize>[0]) => Promise<unknown>,
): Promise<ExitStatus> {
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
    await work({ ...one, report: teller(io) });
  } catch (error) {
    if (error instanceof ResizedMeanwhileError || error instanceof PartitionsChangedError)
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
  const shown = await shownOf(one);
  if (options.json) printJson(io, { ok: true, ...shown });
  else io.stdout.write(`${shown.exchange}: ${shown.active} of ${shown.declared} partitions are in use.\n`);
  return 0;
}

/** Tells what has changed since it told last. */
function teller(io: Io): (progress: Progress) => void {
  const told = new Map<number, string>();
  return (progress) => {
    const line = progressLine(progress);
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
