import { createRouter } from '../routing/router.ts';
import type { Queue } from '../topology.ts';
import { keyOf, type Lint, type Model } from './model.ts';

/** A queue, the key that a letter in it has, and where it can go when it dies there. */
interface Stop {
  readonly queue: Queue;
  readonly key: string;
  readonly next: Stop[];
}

/** Letters that come back to a queue they died in (rules 4.6.14 to 4.6.16). */
export const deadLetterCycles: Lint = (model) => {
  const cycles = cyclesIn(stopsOf(model)).map((stops) => stops.map(({ queue }) => queue));
  // The same queues with another key are the same cycle.
  const byQueues = new Map(
    cycles.map((queues) => [keyOf(...queues.map(({ vhost, name }) => keyOf(vhost, name)).sort()), queues]),
  );
  return [...byQueues.values()].flatMap((queues) => {
    const [first, second] = queues;
    if (!first) return [];
    const way = [...queues, first].map(({ name }) => `'${name}'`).join(' → ');
    return [
      {
        class: 'warning' as const,
        code: second ? 'dead-letter-cycle' : 'dead-letter-to-itself',
        path: model.pathOfArgument(first, 'queues', 'x-dead-letter-exchange'),
        message: `dead letters go round, ${way}: RabbitMQ drops one that only expired or met limits on the way (rule 4.6.14); one that was rejected goes round for ever (rule 4.6.15).`,
        fix: 'lead them elsewhere, or count x-death in the consumer and stop.',
      },
    ];
  });
};

/** Everywhere a letter can be, linked to where it can go on. */
function stopsOf(model: Model): Iterable<Stop> {
  const router = createRouter(model.topology, { random: () => 0 });
  const queues = new Map(model.topology.queues.map((queue) => [keyOf(queue.vhost, queue.name), queue]));
  const stops = new Map<string, Stop>();
  const stopAt = (queue: Queue, key: string): Stop => {
    const id = keyOf(queue.vhost, queue.name, key);
    const stop = stops.get(id) ?? { queue, key, next: [] };
    stops.set(id, stop);
    return stop;
  };
  for (const queue of queues.values()) for (const key of exampleKeysOf(queue, model)) stopAt(queue, key);
  // A Map's iteration reaches what is added on the way.
  for (const { queue, key, next } of stops.values()) {
    const { vhost, deadLetterExchange: exchange } = queue;
    const routed = exchange === undefined ? [] : router.route({ vhost, exchange, routingKeys: [key] });
    for (const name of routed) {
      const target = queues.get(keyOf(vhost, name));
      if (target) next.push(stopAt(target, target.deadLetterRoutingKey ?? key));
    }
  }
  return stops.values();
}

/** The queue's own dead-letter key; else keys that messages come with: its name, and its bindings' keys, an example each. */
function exampleKeysOf(queue: Queue, { bindingsTo }: Model): string[] {
  const { vhost, name, deadLetterExchange, deadLetterRoutingKey } = queue;
  if (deadLetterExchange === undefined) return [];
  if (deadLetterRoutingKey !== undefined) return [deadLetterRoutingKey];
  return [name, ...bindingsTo(vhost, name, 'queue').map(({ bindingKey }) => exampleOf(bindingKey))];
}

function exampleOf(bindingKey: string): string {
  const words = bindingKey.split('.').filter((word) => word !== '#');
  return words.map((word) => (word === '*' ? 'x' : word)).join('.');
}

/** One for each way back: depth first, with a stack of its own, because a chain may be longer than JavaScript's. */
function cyclesIn(stops: Iterable<Stop>): Stop[][] {
  const cycles: Stop[][] = [];
  const done = new Set<Stop>();
  for (const start of stops) {
    const way = done.has(start) ? [] : [{ stop: start, left: [...start.next] }];
    const places = new Map(way.map(({ stop }, at) => [stop, at]));
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const next = last.left.pop();
      const place = next && places.get(next);
      if (!next) {
        way.pop();
        places.delete(last.stop);
        done.add(last.stop);
      } else if (place !== undefined) {
        cycles.push(way.slice(place).map(({ stop }) => stop));
      } else if (!done.has(next)) {
        places.set(next, way.push({ stop: next, left: [...next.next] }) - 1);
      }
    }
  }
  return cycles;
}
