import { type PartitionTimes, partitionTimes } from '../../../../../lambdas/shared/partitions/assignment.ts';
import type { PartitionGuard } from '../../../../../lambdas/shared/partitions/partition-guard.ts';
import type { ResizeDeps } from '../../../../../lambdas/shared/partitions/resize.ts';
import { isMarker } from '../../../../../lambdas/shared/partitions/stamp.ts';
import type { Place } from '../../../../../rabbitmq/partitions/ring.ts';
import { recordOf } from '../../builders.ts';
import { commandIn, untilItEnds } from './simulated-command.ts';
import { consume } from './simulated-consumer.ts';
import { publishAll } from './simulated-publishers.ts';
import { createWorld } from './simulated-world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly messages: number;
  readonly keys: number;
  /** What each side believes of time. Default: as it is deployed. */
  readonly publishersTimes?: PartitionTimes;
  readonly commandsTimes?: PartitionTimes;
  /** Instead of the guard that is. */
  readonly guard?: (guard: PartitionGuard) => PartitionGuard;
  /** Which of the markers of a step are sent. Default: all. */
  readonly marked?: (place: Place) => boolean;
}

/** Publishers, FIFO queues and consumers of an exchange with eight partitions, four of them in use. The same seed is the same run. */
export function simulate({ seed, messages, keys, marked = () => true, ...options }: SimulationOptions) {
  const world = createWorld(seed);
  const { clock, queues, handled, state } = world;
  const traffic = {
    keys: Array.from({ length: keys }, (_, at) => `key-${at}`),
    perKey: Math.ceil(messages / keys),
  };
  const inOrder = Array.from({ length: traffic.perKey }, (_, at) => at + 1).join();
  const command = commandIn(world, options.commandsTimes ?? partitionTimes, marked);

  return {
    ...world,
    command,
    untilItEnds: (work: (deps: ResizeDeps) => Promise<unknown>) => untilItEnds(world, command, work),
    loseMarkers() {
      for (const queue of queues.values()) queue.lose((one) => isMarker(recordOf(one)));
    },
    /** Plays the plan while messages are published, then until all is handled, for at most so long. */
    async play(plan: () => Promise<void>, mostMs = 3_600_000): Promise<void> {
      for (const name of queues.keys()) {
        for (let instance = 0; instance < 2; instance++) void consume(world, name, options.guard ?? ((guard) => guard));
      }
      const outcome: { isPlayed: boolean; error?: unknown } = { isPlayed: false };
      Promise.all([plan(), publishAll(world, traffic, options.publishersTimes ?? partitionTimes)]).then(
        () => Object.assign(outcome, { isPlayed: true }),
        (error: unknown) => Object.assign(outcome, { isPlayed: true, error }),
      );
      await clock.run(() => outcome.isPlayed, mostMs);
      state.isCalm = true;
      if (outcome.error !== undefined) throw outcome.error;
      await clock.run(() => [...queues.values()].every(({ size }) => size === 0), mostMs);
      state.isOver = true;
    },
    /** Keys whose messages were not handled in their order, or not all of them. */
    outOfOrder: (): string[] => traffic.keys.filter((key) => handled.get(key)?.join() !== inOrder),
  };
}
