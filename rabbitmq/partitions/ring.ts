import { consistentHashMatcher, hashedValue } from '../routing/hash/consistent-hash.ts';
import type { Matcher, RoutedMessage } from '../routing/matcher.ts';
import type { PartitionedExchange } from './partitioned-exchange.ts';

/** The first `active` of `declared` partitions are in use. */
export interface Spread {
  readonly active: number;
  readonly declared: number;
}

/** Where the messages of a key are: a partition, and a message group of it. */
export interface Place {
  readonly queue: string;
  readonly group: string;
}

export interface Ring {
  readonly exchange: PartitionedExchange['exchange'];
  /** Of each partition, in order, all that decides which keys it has. */
  readonly lines: readonly string[];
  readonly queues: readonly string[];
  /** The partition is the one RabbitMQ would choose, were only the active ones bound. */
  place(message: RoutedMessage, spread: Spread): Place;
  /** Every group whose keys have another place afterwards. */
  left(before: Spread, after: Spread): readonly Place[];
}

/** Message groups are numbered anew when this changes, and the order of what waits is lost: never change it. */
const slots = 16;

/**
 * A key goes on to a new partition when that joins, and comes back from it when it leaves; between partitions that stay no key moves. So its
 * group is named by the next partition it would go on to: keys with one name in one partition go together or stay together, whatever the step is.
 */
export function createRing({ exchange, bindings }: PartitionedExchange): Ring {
  const queues = bindings.map(({ destination }) => destination);
  const matchers = bindings.map((_, at): Matcher => consistentHashMatcher(exchange, bindings.slice(0, at + 1)));

  /** Which partition, with so many of them bound. */
  function chosen(message: RoutedMessage, active: number): number {
    let destination: string | undefined;
    matchers[active - 1]?.(message, (binding) => {
      destination = binding.destination;
    });
    return queues.indexOf(destination ?? '');
  }

  function nextOf(message: RoutedMessage, partition: number, { active, declared }: Spread): number | undefined {
    for (let more = active + 1; more <= declared; more++) {
      if (chosen(message, more) !== partition) return more - 1;
    }
    return undefined;
  }

  return {
    exchange,
    queues,
    lines: bindings.map(({ destination, bindingKey }) => `${bindingKey} ${destination}`),
    place(message, spread) {
      const partition = chosen(message, spread.active);
      const slot = Math.abs(hashedValue(message, exchange.hashOn)) % slots;
      return { queue: queues[partition] ?? '', group: groupName(Math.floor(slot), nextOf(message, partition, spread)) };
    },
    left(before, after) {
      const nexts = [undefined, ...range(before.active, before.declared)];
      return queues
        .slice(0, before.active)
        .flatMap((queue, partition) =>
          nexts
            .filter((next) => isLeft({ partition, next }, before, after))
            .flatMap((next) => range(0, slots).map((slot) => ({ queue, group: groupName(slot, next) }))),
        );
    },
  };
}

interface Keys {
  readonly partition: number;
  readonly next: number | undefined;
}

function isLeft({ partition, next }: Keys, before: Spread, after: Spread): boolean {
  if (partition >= after.active) return true;
  // Nobody knows yet whether they would go on to one that is declared now: they may be named anew.
  if (next === undefined) return before.declared !== after.declared;
  return next < after.active;
}

function groupName(slot: number, next: number | undefined): string {
  return `${slot}-${next ?? 'last'}`;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, at) => from + at);
}

export function isSamePlace(one: Place, other: Place): boolean {
  return one.queue === other.queue && one.group === other.group;
}
