import type { Binding, Exchange, ExchangeType, Queue, Topology } from '../../../rabbitmq/topology.ts';

/** Everything in vhost `/` unless a change says otherwise. */
export function topology(parts: Partial<Topology>): Topology {
  return { dialect: '4.3', exchanges: [], queues: [], bindings: [], ...parts };
}

export function exchange(name: string, type: ExchangeType, changes: Partial<Exchange> = {}): Exchange {
  return { vhost: '/', name, type, internal: false, ...changes };
}

export function queue(name: string, changes: Partial<Queue> = {}): Queue {
  return { vhost: '/', name, type: 'quorum', ...changes };
}

export function bindQueue(source: string, destination: string, bindingKey = '', vhost = '/'): Binding {
  return { vhost, source, destination, destinationType: 'queue', bindingKey };
}

export function bindExchange(source: string, destination: string, bindingKey = '', vhost = '/'): Binding {
  return { vhost, source, destination, destinationType: 'exchange', bindingKey };
}
