import type { Definitions } from '../definitions/definitions.ts';
import { type Binding, isPredeclared, predeclaredExchanges, type Topology } from '../topology.ts';

/** What is declared and not in the topology, because a finding says that it cannot be deployed. */
export interface LeftOut {
  readonly exchanges: readonly Named[];
  readonly queues: readonly Named[];
}

interface Named {
  readonly vhost: string;
  readonly name: string;
}

export function leftOutOf({ exchanges, queues }: Definitions, topology: Topology): LeftOut {
  const there = namesIn(topology);
  return {
    exchanges: exchanges.filter((one) => !isPredeclared(one.name) && !there.exchange(one)),
    queues: queues.filter((one) => !one.name.startsWith('amq.') && !there.queue(one)),
  };
}

/** Without the bindings that have lost one of their ends: nothing may be routed to what is not there. */
export function withWholeBindings(topology: Topology): Topology {
  const there = namesIn(topology);
  const isWhole = ({ vhost, source, destination, destinationType }: Binding): boolean =>
    there.exchange({ vhost, name: source }) && there[destinationType]({ vhost, name: destination });
  return { ...topology, bindings: topology.bindings.filter(isWhole) };
}

function namesIn({ exchanges, queues }: Topology) {
  const names = { exchanges: new Set(exchanges.map(keyOf)), queues: new Set(queues.map(keyOf)) };
  return {
    exchange: (one: Named): boolean =>
      predeclaredExchanges.some(({ name }) => name === one.name) || names.exchanges.has(keyOf(one)),
    queue: (one: Named): boolean => names.queues.has(keyOf(one)),
  };
}

function keyOf({ vhost, name }: Named): string {
  return JSON.stringify([vhost, name]);
}
