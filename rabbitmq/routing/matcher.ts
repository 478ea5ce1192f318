import type { Headers, Properties } from '../message.ts';
import type { Binding, Exchange } from '../topology.ts';
import { consistentHashMatcher } from './hash/consistent-hash.ts';
import { modulusHashMatcher } from './hash/modulus-hash.ts';
import { headersMatcher } from './headers.ts';
import { topicMatcher } from './topic.ts';

/** What routing reads of a message. */
export interface RoutedMessage {
  readonly vhost: string;
  readonly exchange: string;
  /** The routing key first, then CC and BCC: every key routes (rule 4.1.9). */
  readonly routingKeys: readonly string[];
  /** Absent is none. */
  readonly headers?: Headers | undefined;
  readonly properties?: Partial<Properties> | undefined;
}

/** One exchange's bindings, compiled: finds those that match the message, the same one possibly more than once. */
export type Matcher = (message: RoutedMessage, found: (binding: Binding) => void) => void;

export interface MatcherDeps {
  /** From 0, inclusive, to 1, exclusive: what an x-random exchange picks by. */
  readonly random: () => number;
}

export function createMatcher(exchange: Exchange, bindings: readonly Binding[], { random }: MatcherDeps): Matcher {
  switch (exchange.type) {
    case 'direct':
      return directMatcher(bindings);
    case 'fanout':
      return (_, found) => bindings.forEach(found);
    case 'topic':
      return topicMatcher(bindings);
    case 'headers':
      return headersMatcher(bindings);
    case 'x-consistent-hash':
      return consistentHashMatcher(exchange, bindings);
    case 'x-modulus-hash':
      return modulusHashMatcher(bindings);
    case 'x-random':
      return randomMatcher(bindings, random);
  }
}

/** Rule 4.3.1; a wildcard is text here. */
function directMatcher(bindings: readonly Binding[]): Matcher {
  const byKey = Map.groupBy(bindings, ({ bindingKey }) => bindingKey);
  return ({ routingKeys }, found) => {
    for (const key of routingKeys) byKey.get(key)?.forEach(found);
  };
}

/** One binding, whatever the key: a queue bound twice is picked twice as often (rabbit_exchange_type_random.erl). */
function randomMatcher(bindings: readonly Binding[], random: () => number): Matcher {
  return (_, found) => {
    const picked = bindings[Math.floor(random() * bindings.length)];
    if (picked) found(picked);
  };
}
