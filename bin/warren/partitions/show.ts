import { type Known, type PartitionTimes, sentBefore } from '../../../lambdas/shared/partitions/assignment.ts';
import { firstAssignment } from '../../../lambdas/shared/partitions/assignment-reader.ts';
import { type Progress, progressOf } from '../../../lambdas/shared/partitions/progress.ts';
import type { Ring } from '../../../rabbitmq/partitions/ring.ts';
import { type ExitStatus, type Io, printJson } from '../io.ts';
import type { PartitionsDeps, ReachedPartitions, ShowOptions } from './options.ts';

export interface Shown {
  readonly exchange: string;
  readonly active: number;
  readonly declared: number;
  readonly version: number;
  readonly steps: readonly Progress[];
}

/** `warren partitions show` */
export async function showPartitions(
  exchange: string | undefined,
  options: ShowOptions,
  io: Io,
  { reach }: PartitionsDeps,
): Promise<ExitStatus> {
  const [shown, lines]: [Shown[], string[]] = [[], []];
  for (const one of await reach(options, exchange)) {
    const its = await shownOf(one);
    shown.push(its);
    lines.push(...linesOf(its, one.times));
  }
  if (options.json) printJson(io, { exchanges: shown });
  else io.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

export async function shownOf({ ring, initial, store }: ReachedPartitions): Promise<Shown> {
  const known = (await store.find(ring.exchange)) ?? nothingYet(ring, initial);
  const { steps } = known.assignment;
  return {
    exchange: ring.exchange.name,
    active: steps.at(-1)?.active ?? initial,
    declared: ring.lines.length,
    version: steps.length - 1,
    steps: progressOf(ring, known),
  };
}

/** Nobody has looked for an assignment: the first function that does makes it. */
function nothingYet(ring: Pick<Ring, 'lines'>, initial: number): Known {
  return { assignment: firstAssignment(ring, initial), revision: 0, drained: new Map() };
}

function linesOf({ exchange, active, declared, steps }: Shown, times: PartitionTimes): string[] {
  return [
    `${exchange}: ${active} of ${declared} partitions are in use.`,
    ...steps.filter(({ phase }) => phase !== 'drained').map((step) => `  ${progressLine(step, times)}`),
  ];
}

export function progressLine({ from, to, switchAt, phase, queues }: Progress, times: PartitionTimes): string {
  const step = `${from} → ${to}`;
  if (phase === 'announced') {
    const [changedAt, drainedFrom] = [timeOf(switchAt), timeOf(sentBefore({ switchAt }, times))];
    return `${step}: announced; publishers change over at ${changedAt} UTC, and from ${drainedFrom} on what keys have left behind is drained`;
  }
  const left = queues.filter(({ drained, groups }) => drained < groups);
  if (left.length === 0) return `${step}: done, nothing is left behind`;
  const each = left.map(({ queue, drained, groups }) => `${queue} ${drained} of ${groups}`).join(', ');
  return `${step}: keys that move wait until what they have left behind is handled; message groups done: ${each}`;
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 19);
}
