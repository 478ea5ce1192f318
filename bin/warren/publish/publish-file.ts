import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type ExitStatus, type Io, printJson, UsageError } from '../io.ts';
import { againCommand } from './again-command.ts';
import { inBatches } from './batches.ts';
import { type Input, openInput } from './input.ts';
import type { MessageDefaults } from './message-line.ts';
import type { Interrupts, PublishDeps, PublishOptions } from './options.ts';
import { createPace, unlimited } from './pace.ts';
import { prepare, refuseInput } from './prepare.ts';
import { type Producer, RequestFailedError } from './producer.ts';
import { createProgress, type Progress, publishedText } from './progress.ts';
import { publishBatches } from './publish-batches.ts';
import { readMessages } from './read-messages.ts';
import { summaryJson, summaryText } from './summary.ts';
import { Tally } from './tally.ts';
import { type Leftovers, openLeftovers, refuseEarlier, unconfirmedPath } from './unconfirmed-file.ts';

/** Beside Lambda's 6 MB: a request that is lost is not much to send again. */
const mostBatchBytes = 1024 * 1024;

interface Run {
  readonly file: string;
  readonly unconfirmedFile: string;
  readonly defaults: MessageDefaults;
  readonly options: PublishOptions;
  readonly io: Io;
  readonly deps: PublishDeps;
  readonly producer: Producer;
  readonly functionName: string;
  readonly interrupts: Interrupts;
  readonly tally: Tally;
  /** In milliseconds. */
  readonly started: number;
}

/** `warren publish --file FILE`: holds one batch of it at a time. */
export async function publishFile(
  file: string,
  defaults: MessageDefaults,
  options: PublishOptions,
  io: Io,
  deps: PublishDeps,
): Promise<ExitStatus> {
  const input = await openInput(file, io);
  const unconfirmedFile = options.unconfirmed ?? unconfirmedPath(file);
  await refuseEarlier(unconfirmedFile, file, againCommand(options, unconfirmedFile));
  const reached = await deps.reach(options.destination);
  const interrupts = deps.listenForInterrupts(io);
  const run = { file, unconfirmedFile, defaults, options, io, deps, ...reached, interrupts, tally: new Tally() };
  try {
    const publish = input.bytes === undefined ? publishPipe : publishStored;
    return await publish(input, { ...run, started: deps.now() });
  } finally {
    interrupts.release();
  }
}

/** What comes once is published as it comes; what is not confirmed of it is kept. */
async function publishPipe(input: Input, run: Run): Promise<ExitStatus> {
  const leftovers = await openLeftovers(run.unconfirmedFile);
  const stopped = await publishMessages(input, leftovers, run);
  await leftovers.finish();
  const isLeft = run.interrupts.stop.aborted;
  return summarise(isLeft ? 'interrupted, and nobody knows what the pipe still held' : stopped, run);
}

/** The file of unconfirmed messages is all of the input at first, and what is left of it at the end. */
async function publishStored(input: Input, run: Run): Promise<ExitStatus> {
  const { file, unconfirmedFile, defaults, options, io, deps, interrupts } = run;
  const progress = progressOf(input, run, () => 'checked');
  const problems = await prepare(input, unconfirmedFile, {
    defaults,
    newEventId: deps.newEventId,
    mode: options.mode,
    ...interrupts,
    onRead: progress.show,
  }).finally(progress.end);
  if (problems.length > 0) return refuseInput(file, problems, io, options.json);
  const leftovers = await openLeftovers(`${unconfirmedFile}.new`, { replaces: unconfirmedFile });
  try {
    const prepared = await openInput(unconfirmedFile, io);
    const stopped = await publishMessages(prepared, leftovers, run);
    await leftovers.finish();
    return summarise(stopped, run);
  } catch (error) {
    if (!(error instanceof RequestFailedError)) throw error;
    await leftovers.discard();
    if (!isResumed(run)) await rm(unconfirmedFile);
    throw new UsageError(`${error.message}; nothing was sent`, { cause: error });
  }
}

/** Answers why it stopped before the end, if it did. Throws a `RequestFailedError` when nothing was sent of what is stored. */
async function publishMessages(input: Input, leftovers: Leftovers, run: Run): Promise<string | undefined> {
  const { defaults, options, deps, interrupts, tally } = run;
  const { mode, vhost, rate, batch } = options;
  const progress = progressOf(input, run, (seconds) => publishedText(tally, seconds));
  const parsing = { defaults, newEventId: deps.newEventId, mode };
  const reader = readMessages(input, { ...parsing, ...interrupts, tally, leftovers });
  // A second's messages at most, so that a request is no burst.
  const most = Math.min(batch, Math.max(1, Math.ceil(rate ?? batch)));
  try {
    const stopped = await publishBatches(inBatches(reader.messages(), { messages: most, bytes: mostBatchBytes }), {
      ...run,
      ...interrupts,
      leftovers,
      request: { vhost, mode, detail: 'problems' },
      pace: rate === undefined ? unlimited : createPace(rate, deps.now),
      onProgress: () => progress.show(reader.bytesRead()),
      isRepeatable: input.bytes !== undefined,
    });
    const broken = reader.broken();
    return broken ? `the input could not be read on: ${broken.message}` : stopped;
  } finally {
    progress.end();
  }
}

function progressOf({ bytes }: Input, { io, deps }: Run, text: (seconds: number) => string): Progress {
  return createProgress({ stderr: io.stderr, text, total: bytes, now: deps.now });
}

function summarise(stopped: string | undefined, run: Run): ExitStatus {
  const { io, deps, options, tally, unconfirmedFile, started } = run;
  const seconds = (deps.now() - started) / 1000;
  const again = againCommand(options, unconfirmedFile);
  const summary = { ...run, seconds, stopped, again, mode: options.mode, isResumed: isResumed(run) };
  if (options.json) printJson(io, summaryJson(summary));
  else io.stdout.write(`${summaryText(summary)}\n`);
  return tally.unconfirmed === 0 && stopped === undefined ? 0 : 1;
}

function isResumed({ file, unconfirmedFile }: Run): boolean {
  return path.resolve(file) === path.resolve(unconfirmedFile);
}
