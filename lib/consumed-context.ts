import { formatQueueAddress, isSameQueue, parseQueueAddress, type QueueAddress } from '../rabbitmq/queue-address.ts';
import type { Topology } from '../rabbitmq/topology.ts';
import { meantQueues } from './nearest-queues.ts';

/** `-c consumed=…` names no queue, or one that the topology does not have. */
export class ConsumedError extends Error {
  override readonly name = 'ConsumedError';
}

/**
 * The value of `-c consumed=…`, or of `consumed` in the context of `cdk.json`: `VHOST/QUEUE` with commas between, or a list of them. Throws
 * a `ConsumedError`.
 */
export function parseConsumed(value: unknown): QueueAddress[] {
  if (value === undefined) return [];
  const texts: unknown[] = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value : [value];
  return texts.map((text) => {
    const queue = typeof text === 'string' ? parseQueueAddress(text.trim()) : undefined;
    if (queue) return queue;
    throw new ConsumedError(
      `-c consumed: '${String(text)}' is no VHOST/QUEUE: write %2F/orders for the queue orders of the vhost /, and %2C for a comma`,
    );
  });
}

/** Throws a `ConsumedError` with the nearest names for the first queue that is not there. */
export function checkConsumed(consumed: readonly QueueAddress[], { queues }: Topology, file: string): void {
  const unknown = consumed.find((one) => !queues.some((queue) => isSameQueue(queue, one)));
  if (!unknown) return;
  const meant = meantQueues(unknown, queues, formatQueueAddress);
  throw new ConsumedError(`-c consumed=${formatQueueAddress(unknown)}: ${file} declares no such queue: ${meant}`);
}
