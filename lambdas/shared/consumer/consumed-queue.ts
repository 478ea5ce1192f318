import type { Queue, Topology } from '../../../rabbitmq/topology.ts';
import type { Consumer } from './consumer.ts';

type ConsumedQueue = Pick<Consumer<unknown>, 'vhost' | 'queue'>;

/** Throws when the topology has no such queue. */
export function consumedQueue({ queues }: Topology, { vhost = '/', queue }: ConsumedQueue): Queue {
  const found = queues.find((one) => one.vhost === vhost && one.name === queue);
  if (!found) throw new Error(`the topology has no queue '${queue}' in vhost '${vhost}', which this consumer consumes`);
  return found;
}

/** Keeps business keys of different queues apart in the idempotency table. Queues of the default vhost go by their names alone. */
export function keyPrefixOf({ vhost = '/', queue }: ConsumedQueue): string {
  return vhost === '/' ? queue : JSON.stringify([vhost, queue]);
}
