import type { Spread } from '../../../rabbitmq/partitions/ring.ts';

/** From one number of active partitions to another. The version it makes is its position among all of them. */
export interface Step extends Spread {
  /** Publishers route by it from then on; milliseconds since 1970. */
  readonly switchAt: number;
  /** It takes the step before it back. */
  readonly isBack?: true | undefined;
  /** When every group that keys have left had its marker. */
  readonly markedAt?: number | undefined;
  /** When every one of these markers was handled: nothing is left of the versions before. */
  readonly drainedAt?: number | undefined;
}

/** Which partitions of an exchange are in use, and which were before. */
export interface Assignment {
  /** As the ring has them: a definitions file that says otherwise of those in use is refused. */
  readonly lines: readonly string[];
  /** At least one; the first is how it began. */
  readonly steps: readonly Step[];
}

export interface Known {
  readonly assignment: Assignment;
  /** Changes with every write of the assignment. */
  readonly revision: number;
  /** Of each step that is not drained: the places whose marker was handled. */
  readonly drained: ReadonlyMap<number, ReadonlySet<string>>;
}

/** What publishers, consumers and whoever changes the assignment agree on. Milliseconds. */
export interface PartitionTimes {
  /** An assignment that was read is believed so long, and no longer. */
  readonly maxAgeMs: number;
  /** No two clocks differ by more. */
  readonly skewMs: number;
  /** A publisher gives a send up after so long. */
  readonly sendMs: number;
  /** A send that was given up may still arrive so long afterwards. */
  readonly marginMs: number;
}

export const partitionTimes: PartitionTimes = { maxAgeMs: 10_000, skewMs: 1_000, sendMs: 15_000, marginMs: 5_000 };

/** When a step that is announced now takes effect: by then nobody believes what was before it. */
export function switchAfter(now: number, { maxAgeMs, skewMs, marginMs }: PartitionTimes): number {
  return now + maxAgeMs + 3 * skewMs + marginMs;
}

/** From then on nothing is sent by the assignment before it any more. */
export function sentBefore({ switchAt }: Pick<Step, 'switchAt'>, { skewMs, sendMs, marginMs }: PartitionTimes): number {
  return switchAt + skewMs + sendMs + marginMs;
}

/** The definitions have other partitions than those in use. */
export class PartitionsChangedError extends Error {
  override readonly name = 'PartitionsChangedError';

  constructor(exchange: string, was: readonly string[], is: readonly string[]) {
    super(
      `the partitions of exchange '${exchange}' were ${was.join(', ')} (weight and queue), and the definitions now begin with ${is.join(', ')}: ` +
        'bring the old ones back, in their order, and add new ones behind them',
    );
  }
}

export function checkLines(exchange: string, was: readonly string[], is: readonly string[]): void {
  const begin = is.slice(0, was.length);
  if (begin.join('\n') !== was.join('\n')) throw new PartitionsChangedError(exchange, was, begin);
}
