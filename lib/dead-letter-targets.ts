import { reachableQueues } from '../rabbitmq/plan/reachable-queues.ts';
import type { Queue, Topology } from '../rabbitmq/topology.ts';

/** The queues that a letter of a queue may come to. */
export function deadLetterTargets(topology: Topology, { vhost, deadLetterExchange }: Queue): Queue[] {
  return deadLetterExchange === undefined ? [] : reachableQueues(topology, vhost, deadLetterExchange);
}
