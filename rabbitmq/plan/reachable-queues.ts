import { deadLettersOverflow } from '../publishing/overflow.ts';
import { defaultExchange, type Queue, type Topology } from '../topology.ts';

/** Every queue that some message published to the exchange could reach: what its publisher must be allowed to send to. */
export function reachableQueues(topology: Topology, vhost: string, exchange: string): Queue[] {
  const inVhost = topology.queues.filter((queue) => queue.vhost === vhost);
  if (exchange === defaultExchange) return inVhost;

  const exchanges = new Set([exchange]);
  const queues = new Set<string>();
  for (const name of exchanges) {
    const alternate = topology.exchanges.find((one) => one.vhost === vhost && one.name === name)?.alternateExchange;
    if (alternate !== undefined) exchanges.add(alternate);
    for (const binding of topology.bindings.filter((one) => one.vhost === vhost && one.source === name)) {
      if (binding.destinationType === 'exchange') exchanges.add(binding.destination);
      else queues.add(binding.destination);
    }
    // What is routed to a delay queue, and what a full queue dead-letters, is sent on by the publisher itself.
    const passingOn = inVhost.filter((one) => one.delayQueue || deadLettersOverflow(one));
    for (const queue of passingOn.filter(({ name }) => queues.has(name))) {
      if (queue.deadLetterExchange !== undefined) exchanges.add(queue.deadLetterExchange);
    }
  }
  // A dead-letter exchange may be the default one, whose name is empty: it reaches every queue of the vhost.
  return exchanges.has(defaultExchange) ? inVhost : inVhost.filter((queue) => queues.has(queue.name));
}
