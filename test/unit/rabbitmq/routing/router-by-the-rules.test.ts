import * as fc from 'fast-check';
import { createRouter, type RoutedMessage } from '../../../../rabbitmq/routing/router.ts';
import type { Topology } from '../../../../rabbitmq/topology.ts';
import { anyMessage, anyTopology } from './random-topologies.ts';
import { topicMatchesByTheRules } from './topic-by-the-rules.ts';

/** Rules 4.3 and 4.4 as a fixed point: whatever an exchange that was reached routes to is reached, until nothing is new. */
function routeByTheRules({ exchanges, queues, bindings }: Topology, message: RoutedMessage): string[] {
  const declared = [...exchanges, ...['direct', 'fanout', 'topic'].map((type) => ({ name: `amq.${type}`, type }))];
  const reached = new Set([`exchange ${message.exchange}`]);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { name, type, ...one } of declared.filter(({ name }) => reached.has(`exchange ${name}`))) {
      const own = bindings.filter(
        ({ source, bindingKey }) =>
          source === name &&
          message.routingKeys.some(
            (key) =>
              type === 'fanout' || (type === 'topic' ? topicMatchesByTheRules(bindingKey, key) : bindingKey === key),
          ),
      );
      for (const { destinationType, destination } of own) reached.add(`${destinationType} ${destination}`);
      if (own.length === 0 && 'alternateExchange' in one) reached.add(`exchange ${one.alternateExchange}`);
    }
  }
  return queues
    .map(({ name }) => name)
    .filter((name) => reached.has(`queue ${name}`) || (message.exchange === '' && message.routingKeys.includes(name)))
    .sort();
}

describe('on any small topology, with cycles, missing and alternate exchanges,', () => {
  it('a message reaches the queues that a literal reading of the rules names, each once', () => {
    fc.assert(
      fc.property(anyTopology, anyMessage, (topology, message) => {
        expect(createRouter(topology).route(message)).toEqual(routeByTheRules(topology, message));
      }),
      { numRuns: 3_000 },
    );
  });
});
