import type { Binding } from '../../topology.ts';
import type { Matcher } from '../matcher.ts';
import { hashOfTexts } from './erlang-hash.ts';

/**
 * All routing keys, hashed together, modulo the number of bindings, whose destinations are sorted: a queue bound twice is chosen
 * twice as often (rabbit_exchange_type_modulus_hash.erl). The queue is the one RabbitMQ chooses.
 */
export function modulusHashMatcher(bindings: readonly Binding[]): Matcher {
  const sorted = bindings.toSorted(byDestination);
  return ({ routingKeys }, found) => {
    const chosen = sorted[hashOfTexts(routingKeys) % sorted.length];
    if (chosen) found(chosen);
  };
}

/** Exchanges before queues, then by the bytes of the name, as Erlang sorts resources. */
function byDestination(one: Binding, other: Binding): number {
  if (one.destinationType !== other.destinationType) return one.destinationType === 'exchange' ? -1 : 1;
  return Buffer.compare(Buffer.from(one.destination), Buffer.from(other.destination));
}
