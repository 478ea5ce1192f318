import { isDeepStrictEqual } from 'node:util';
import type { Place, Ring } from '../../../rabbitmq/partitions/ring.ts';
import { checkLines, type Known, type PartitionTimes, type Step, sentBefore, switchAfter } from './assignment.ts';
import { firstAssignment } from './assignment-reader.ts';
import type { SendMarkers } from './markers.ts';
import type { PartitionStore } from './partition-store.ts';
import { type Progress, progressOf, undrained } from './progress.ts';

export interface ResizeDeps {
  readonly ring: Ring;
  readonly initial: number;
  readonly store: PartitionStore;
  readonly sendMarkers: SendMarkers;
  readonly times: PartitionTimes;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Hears how far it is, again and again. */
  readonly report: (progress: Progress) => void;
}

/** So many partitions cannot be in use. */
export class PartitionCountError extends Error {
  override readonly name = 'PartitionCountError';

  constructor(exchange: string, asked: number, declared: number) {
    super(`exchange '${exchange}' has ${declared} partitions: 1 to ${declared} of them can be in use, not ${asked}`);
  }
}

/** Somebody else changed the assignment meanwhile. */
export class ResizedMeanwhileError extends Error {
  override readonly name = 'ResizedMeanwhileError';

  constructor(exchange: string) {
    super(
      `the partitions of exchange '${exchange}' were changed by somebody else just now: look at them, and run it again`,
    );
  }
}

/** A step was announced so late that publishers may not have heard of it in time. */
export class AnnouncedLateError extends Error {
  override readonly name = 'AnnouncedLateError';

  constructor(exchange: string, tookMs: number, { marginMs }: Pick<PartitionTimes, 'marginMs'>) {
    super(
      `it took ${tookMs} ms to announce the step of exchange '${exchange}', and ${marginMs} ms are in time: for some seconds messages of one key ` +
        'that moves may go to both of its partitions, and be handled out of order. Run the same command again: the step goes on.',
    );
  }
}

const pollMs = 2_000;
/** SQS takes a marker that is sent again for the same one for five minutes (lambdas/shared/partitions/markers.ts). */
const resendMs = 360_000;

/**
 * From so many active partitions to so many others, from wherever an earlier run has stopped: what that began is finished first. Undefined:
 * nothing new, only what was begun.
 */
export async function resize(deps: ResizeDeps, active?: number, kind?: Pick<Step, 'isBack'>): Promise<Known> {
  const { ring } = deps;
  if (active !== undefined && !(Number.isInteger(active) && active >= 1 && active <= ring.lines.length))
    throw new PartitionCountError(ring.exchange.name, active, ring.lines.length);
  const before = await mark(deps, await read(deps));
  const last = before.assignment.steps.at(-1);
  if (active === undefined || last?.active === active) return await drain(deps, before);
  const askedAt = deps.now().getTime();
  const switchAt = switchAfter(askedAt, deps.times);
  const step: Step = { ...kind, active, declared: ring.lines.length, switchAt };
  const begun = await write(deps, before, [...before.assignment.steps, step]);
  const tookMs = deps.now().getTime() - askedAt;
  if (tookMs > deps.times.marginMs) throw new AnnouncedLateError(ring.exchange.name, tookMs, deps.times);
  return await drain(deps, await mark(deps, begun));
}

/** To what was before the last step. It is a step like any other, and so safe at any time; run again, it is finished, and not gone back on. */
export async function back(deps: ResizeDeps): Promise<Known> {
  const { steps } = (await read(deps)).assignment;
  if (steps.at(-1)?.isBack) return await resize(deps);
  return await resize(deps, steps.at(-2)?.active, { isBack: true });
}

async function read({ ring, initial, store }: ResizeDeps): Promise<Known> {
  const known = await store.read(ring.exchange, firstAssignment(ring, initial));
  checkLines(ring.exchange.name, known.assignment.lines, ring.lines);
  return known;
}

async function write(deps: ResizeDeps, { revision }: Known, steps: readonly Step[]): Promise<Known> {
  const { ring, store } = deps;
  const written = await store
    .write(ring.exchange, { lines: ring.lines, steps }, revision)
    .catch((error: unknown) => ({ error }));
  const known = await read(deps);
  // Of a write whose answer was lost nobody knows whether it was done.
  if (written === true || isDeepStrictEqual(known.assignment.steps, steps)) return known;
  if (written === false) throw new ResizedMeanwhileError(ring.exchange.name);
  throw written.error;
}

/** Markers may only be sent when nothing is sent by the assignment before any more, and before there is another one. */
async function mark(deps: ResizeDeps, known: Known): Promise<Known> {
  const { steps } = known.assignment;
  const step = steps.at(-1);
  if (!step || step.markedAt !== undefined) return known;
  const until = sentBefore(step, deps.times);
  for (let left = until - deps.now().getTime(); left > 0; left = until - deps.now().getTime()) {
    tell(deps, known);
    await deps.sleep(Math.min(left, pollMs));
  }
  await sendMarkers(deps, known, steps.length - 1);
  return await write(deps, known, [...steps.slice(0, -1), { ...step, markedAt: deps.now().getTime() }]);
}

/** A marker may get lost on its way (parked, in a dead-letter queue): those that nobody has handled are sent again and again, and say the same. */
async function drain(deps: ResizeDeps, begun: Known): Promise<Known> {
  const { ring, store } = deps;
  let known = begun;
  let sentAt: number | undefined;
  for (;;) {
    const time = deps.now().getTime();
    if (sentAt === undefined || time - sentAt >= resendMs) {
      for (const version of open(known)) await sendMarkers(deps, known, version);
      sentAt = time;
    }
    const { steps } = known.assignment;
    const drained = open(known).filter(
      (version) => undrained(known, version, leftBy(ring, steps, version)).length === 0,
    );
    if (drained.length > 0) {
      const drainedAt = deps.now().getTime();
      known = await write(
        deps,
        known,
        steps.map((step, at) => (drained.includes(at) ? { ...step, drainedAt } : step)),
      );
      for (const version of drained) await store.forget(ring.exchange, version);
    }
    tell(deps, known);
    if (open(known).length === 0) return known;
    await deps.sleep(pollMs);
    known = await read(deps);
  }
}

/** A step that somebody else has announced meanwhile is open when he has marked it: until then publishers send by the one before it. */
function open({ assignment }: Known): number[] {
  return assignment.steps.flatMap(({ markedAt, drainedAt }, version) =>
    markedAt !== undefined && drainedAt === undefined ? [version] : [],
  );
}

async function sendMarkers({ ring, sendMarkers: send }: ResizeDeps, known: Known, version: number): Promise<void> {
  await send(ring.exchange, version, undrained(known, version, leftBy(ring, known.assignment.steps, version)));
}

function leftBy(ring: Ring, steps: readonly Step[], version: number): readonly Place[] {
  const [before, after] = [steps[version - 1], steps[version]];
  return before && after ? ring.left(before, after) : [];
}

function tell({ ring, report }: ResizeDeps, known: Known): void {
  for (const progress of progressOf(ring, known)) report(progress);
}
