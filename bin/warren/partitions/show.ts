import type { Known } from '../../../lambdas/shared/partitions/assignment.ts';
import { firstAssignment } from '../../../lambdas/shared/partitions/assignment-reader.ts';
import { type Progress, progressOf } from '../../../lambdas/shared/partitions/resize.ts';
import type { Ring } from '../../../rabbitmq/partitions/ring.ts';
import { type ExitStatus, type Io, printJson } from '../io.ts';
import type { PartitionsDeps, ReachedPartitions, ShowOptions } from './options.ts';

interface Shown {
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
  const shown: Shown[] = [];
  for (const one of await reach(options, exchange)) shown.push(await shownOf(one));
  if (options.json) printJson(io, { exchanges: shown });
  else io.stdout.write(`${shown.flatMap(linesOf).join('\n')}\n`);
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

function linesOf({ exchange, active, declared, steps }: Shown): string[] {
  return [
    `${exchange}: ${active} of ${declared} partitions are in use.`,
    ...steps.filter(({ phase }) => phase !== 'drained').map((step) => `  ${progressLine(step)}`),
  ];
}

export function progressLine({ from, to, phase, queues }: Progress): string {
  const step = `${from} → ${to}`;
  if (phase === 'announced') return `${step}: announced; publishers learn of it`;
  const left = queues.filter(({ drained, groups }) => drained < groups);
  if (left.length === 0) return `${step}: drained`;
  const each = left.map(({ queue, drained, groups }) => `${queue} ${drained} of ${groups}`).join(', ');
  return `${step}: keys that move wait for what is left of them; groups drained: ${each}`;
}
