import type { QueueAddress } from '../rabbitmq/queue-address.ts';
import type { Topology } from '../rabbitmq/topology.ts';
import type { Config } from './config.ts';
import { isNamed, type NamedQueue, QueueNotDeclaredError } from './named-queue.ts';

/** Which function consumes which RabbitMQ queue: `{ queue }` of the default vhost, or `{ vhost, queue }`. */
export const consumers = {
  orders: { queue: 'orders.payments' },
} as const satisfies Record<keyof Config['consumers'], NamedQueue>;

export type ConsumerName = keyof typeof consumers;

/**
 * Queues that something outside this app consumes. A queue with a TTL and a dead-letter exchange that nobody consumes is a delay
 * and is not created: name it here if that is wrong. Queues of somebody else's topology: `-c consumed=VHOST/QUEUE,…`.
 */
export const consumedElsewhere: readonly NamedQueue[] = [];

/**
 * Queues in which any message is for a person: letters of the dead-letter exchange, what no binding wanted. They ring on-call as soon
 * as they hold something.
 */
export const watchedByOnCall: readonly NamedQueue[] = [{ queue: 'dead-letters' }, { queue: 'unrouted' }];

/** The consumer of a queue, if it has one. */
export function consumerOf(queue: QueueAddress): ConsumerName | undefined {
  return consumerNames().find((name) => isNamed(consumers[name], queue));
}

export function isConsumed(queue: QueueAddress, { consumedElsewhere }: Roles = ours): boolean {
  return consumerOf(queue) !== undefined || consumedElsewhere.some((one) => isNamed(one, queue));
}

export function isWatched(queue: QueueAddress): boolean {
  return watchedByOnCall.some((one) => isNamed(one, queue));
}

export interface Roles {
  readonly consumers: Readonly<Record<string, NamedQueue>>;
  readonly consumedElsewhere: readonly NamedQueue[];
  readonly watchedByOnCall: readonly NamedQueue[];
}

const ours: Roles = { consumers, consumedElsewhere, watchedByOnCall };

/** Every queue named here must be in the topology. Throws a `QueueNotDeclaredError` with the nearest names. */
export function checkConsumers({ queues }: Topology, file: string, roles: Roles = ours): void {
  const named: (readonly [who: string, queue: NamedQueue])[] = [
    ...Object.entries(roles.consumers).map(([name, queue]) => [`'${name}' consumes`, queue] as const),
    ...roles.consumedElsewhere.map((queue) => ['consumedElsewhere names', queue] as const),
    ...roles.watchedByOnCall.map((queue) => ['watchedByOnCall names', queue] as const),
  ];
  for (const [who, queue] of named) {
    if (!queues.some((one) => isNamed(queue, one))) throw new QueueNotDeclaredError(who, queue, file, queues);
  }
}

/** Whether any consumer has its queue there: the topology of another app has none of them. */
export function hasAnyConsumer({ queues }: Topology): boolean {
  return queues.some((queue) => consumerOf(queue) !== undefined);
}

function consumerNames(): ConsumerName[] {
  return Object.keys(consumers) as ConsumerName[];
}
