import leven from 'leven';
import type { Queue, Topology } from '../rabbitmq/topology.ts';
import type { Config } from './config.ts';

/** Which function consumes which RabbitMQ queue of the default vhost. */
export const consumers = {
  orders: { queue: 'orders.payments' },
} as const satisfies Record<keyof Config['consumers'], { readonly queue: string }>;

export type ConsumerName = keyof typeof consumers;

/**
 * Queues of the default vhost that something outside this app consumes. A queue with a TTL and a dead-letter exchange that
 * nobody consumes is a delay queue and is not created: name it here if that is wrong.
 */
export const consumedElsewhere: readonly string[] = [];

/**
 * Queues of the default vhost in which any message is for a person: letters of the dead-letter exchange, what no binding wanted. They
 * ring on-call as soon as they hold something.
 */
export const watchedByOnCall: readonly string[] = ['dead-letters', 'unrouted'];

type QueueName = Pick<Queue, 'vhost' | 'name'>;

/** The consumer of a queue, if it has one. */
export function consumerOf(queue: QueueName): ConsumerName | undefined {
  if (queue.vhost !== '/') return undefined;
  return consumerNames().find((name) => consumers[name].queue === queue.name);
}

export function isConsumed(queue: QueueName): boolean {
  return consumerOf(queue) !== undefined || (queue.vhost === '/' && consumedElsewhere.includes(queue.name));
}

export function isWatched(queue: QueueName): boolean {
  return queue.vhost === '/' && watchedByOnCall.includes(queue.name);
}

/** A consumer's queue is not in the topology. */
export class ConsumerWithoutQueueError extends Error {
  override readonly name = 'ConsumerWithoutQueueError';

  constructor(consumer: string, queue: string, file: string, nearest: readonly string[]) {
    const meant =
      nearest.length === 0 ? 'it declares none' : `did you mean ${nearest.map((one) => `'${one}'`).join(', ')}?`;
    super(`lib/consumers.ts: '${consumer}' consumes '${queue}', which ${file} does not declare in vhost '/': ${meant}`);
  }
}

/** Every consumer must have its queue. Throws a `ConsumerWithoutQueueError` with the nearest names. */
export function checkConsumers({ queues }: Topology, file: string): void {
  const names = queues.filter(({ vhost }) => vhost === '/').map(({ name }) => name);
  for (const consumer of consumerNames()) {
    const { queue } = consumers[consumer];
    if (!names.includes(queue)) throw new ConsumerWithoutQueueError(consumer, queue, file, nearest(queue, names));
  }
}

/** Whether any consumer has its queue there: the topology of another app has none of them. */
export function hasAnyConsumer({ queues }: Topology): boolean {
  return queues.some((queue) => consumerOf(queue) !== undefined);
}

function nearest(wanted: string, names: readonly string[]): string[] {
  return names.toSorted((one, other) => leven(wanted, one) - leven(wanted, other)).slice(0, 3);
}

function consumerNames(): ConsumerName[] {
  return Object.keys(consumers) as ConsumerName[];
}
