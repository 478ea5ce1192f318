import { isSameQueue, parseQueueAddress, type QueueAddress } from '../../rabbitmq/queue-address.ts';
import type { Operations, Topology } from '../../rabbitmq/topology.ts';

/** The queue of `PAYMENTS_QUEUE`, and what its exceptions say: whom they hurt, and what in them is about a person. */
export function paymentsQueueOf(
  address: string,
  { queues }: Pick<Topology, 'queues'>,
): QueueAddress & { readonly operations?: Operations | undefined } {
  const wanted = parseQueueAddress(address);
  const found = queues.find((queue) => wanted && isSameQueue(queue, wanted));
  if (!found) throw new Error(`the topology has no queue ${address}: payments cannot be replayed to it`);
  return found;
}
