import {
  type Binding,
  defaultExchange,
  type Exchange,
  type ExchangeType,
  predeclaredExchanges,
  type Topology,
} from '../topology.ts';
import { topicMatches } from './topic.ts';

export interface RoutedMessage {
  readonly vhost: string;
  readonly exchange: string;
  /** The routing key first, then CC and BCC: every key routes (rule 4.1.9). */
  readonly routingKeys: readonly string[];
}

export interface Router {
  exchange(vhost: string, name: string): Exchange | undefined;
  /** Names of the queues that get one copy each, sorted; empty when unroutable. An unknown exchange routes nothing. */
  route(message: RoutedMessage): string[];
}

/** Compiles a topology once; routing then only reads. Rules 4.1, 4.3, 4.4 (rabbit_exchange.erl, `route/3`). */
export function createRouter(topology: Topology): Router {
  const exchanges = indexExchanges(topology);
  const bindings = Map.groupBy(topology.bindings, (binding) => id(binding.vhost, binding.source));
  const queues = new Set(topology.queues.map((queue) => id(queue.vhost, queue.name)));

  function route({ vhost, exchange: first, routingKeys }: RoutedMessage): string[] {
    const exchangeNames = new Set([first]);
    const routed = new Set<string>();
    // A Set's iteration reaches what is added on the way, and each name once: cycles end by themselves (rule 4.4.3).
    for (const name of exchangeNames) {
      const exchange = exchanges.get(id(vhost, name));
      for (const { destination, destinationType } of exchange ? destinationsOf(exchange, routingKeys) : []) {
        (destinationType === 'queue' ? routed : exchangeNames).add(destination);
      }
    }
    return [...routed].sort();
  }

  function destinationsOf(exchange: Exchange, keys: readonly string[]): Destination[] {
    const destinations = directDestinations(exchange, keys);
    // The exchange's own result decides, not what the exchanges behind it do with the message (rule 4.4.4).
    const alternate = exchange.alternateExchange;
    // Brokers take the default exchange's name here and route nothing by it (recorded from 3.10.8 and 4.3.6).
    const hasAlternate = alternate !== undefined && alternate !== defaultExchange;
    return destinations.length > 0 || !hasAlternate
      ? destinations
      : [{ destination: alternate, destinationType: 'exchange' }];
  }

  function directDestinations(exchange: Exchange, keys: readonly string[]): Destination[] {
    if (exchange.name === defaultExchange) {
      return keys
        .filter((key) => queues.has(id(exchange.vhost, key)))
        .map((destination) => ({ destination, destinationType: 'queue' }));
    }
    const candidates = bindings.get(id(exchange.vhost, exchange.name)) ?? [];
    return candidates.filter((binding) => keys.some((key) => matches[exchange.type]?.(binding.bindingKey, key)));
  }

  return { exchange: (vhost, name) => exchanges.get(id(vhost, name)), route };
}

type Destination = Pick<Binding, 'destination' | 'destinationType'>;

const matches: Partial<Record<ExchangeType, (bindingKey: string, routingKey: string) => boolean>> = {
  direct: (bindingKey, routingKey) => bindingKey === routingKey,
  fanout: () => true,
  topic: topicMatches,
};

function indexExchanges({ exchanges, queues }: Topology): Map<string, Exchange> {
  const vhosts = new Set([...exchanges, ...queues].map(({ vhost }) => vhost));
  const predeclared = [...vhosts].flatMap((vhost) =>
    predeclaredExchanges.map((exchange): Exchange => ({ ...exchange, vhost, internal: false })),
  );
  return new Map([...predeclared, ...exchanges].map((exchange) => [id(exchange.vhost, exchange.name), exchange]));
}

function id(vhost: string, name: string): string {
  return JSON.stringify([vhost, name]);
}
