import { seededRandom } from '../../../../../bin/warren/random.ts';
import { ringOf, shards } from '../../../rabbitmq/partitions/rings.ts';
import { MemoryFifoQueue } from './memory-fifo-queue.ts';
import { MemoryPartitionStore } from './memory-partition-store.ts';
import { VirtualClock } from './virtual-clock.ts';

const partitions = 8;

export type World = ReturnType<typeof createWorld>;

/** An exchange with eight partitions, four of them in use, its queues in memory, and a time of their own. */
export function createWorld(seed: number) {
  const random = seededRandom(seed);
  const clock = new VirtualClock();
  const between = (least: number, most: number): Promise<void> => clock.sleep(least + random() * (most - least));
  const topology = shards(
    Array.from({ length: partitions }, () => 1),
    4,
  );
  const ring = ringOf(topology);
  const queues = new Map(
    ring.queues.map((name) => [name, new MemoryFifoQueue(name, () => clock.now().getTime(), random)] as const),
  );
  return {
    random,
    clock,
    between,
    isChance: (share: number): boolean => random() < share,
    topology,
    ring,
    queues,
    queue(name: string): MemoryFifoQueue {
      const found = queues.get(name);
      if (!found) throw new Error(`no queue '${name}'`);
      return found;
    },
    store: new MemoryPartitionStore(() => between(1, 40)),
    /** Of a process: no two clocks differ by more than the second that is allowed. */
    clockOfItsOwn(): () => Date {
      const skewMs = (random() - 0.5) * 900;
      return () => clock.now(skewMs);
    },
    /** Key → numbers of its messages, as they were handled. */
    handled: new Map<string, number[]>(),
    /** Business keys that are done with. */
    done: new Set<string>(),
    buried: [] as string[],
    counts: { deaths: 0, failures: 0, unknown: 0, published: 0, commandDeaths: 0 },
    /** Calm: nothing fails any more. */
    state: { isCalm: false, isOver: false },
  };
}
