import * as fc from 'fast-check';
import { createRouter, type RoutedMessage } from '../../../../rabbitmq/routing/router.ts';
import type { Binding, Topology } from '../../../../rabbitmq/topology.ts';
import { headersMatchByTheRules } from './headers-by-the-rules.ts';
import { anyMessage, anyTopology } from './random-topologies.ts';
import { topicMatchesByTheRules } from './topic-by-the-rules.ts';

/** Rules 4.3 and 4.4 as a fixed point: whatever an exchange that was reached routes to is reached, until nothing is new. */
function routeByTheRules({ exchanges, queues, bindings }: Topology, message: RoutedMessage): string[] {
  const predeclared = ['direct', 'fanout', 'topic'].map((type) => ({ name: `amq.${type}`, type }));
  const declared = [...exchanges, ...predeclared, { name: 'amq.match', type: 'headers' }];
  const reached = new Set([`exchange ${message.exchange}`]);
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const { name, type, ...one } of declared.filter(({ name }) => reached.has(`exchange ${name}`))) {
      const own = bindings.filter((binding) => binding.source === name && matchesByTheRules(type, binding, message));
      for (const { destinationType, destination } of own) reached.add(`${destinationType} ${destination}`);
      if (own.length === 0 && 'alternateExchange' in one) reached.add(`exchange ${one.alternateExchange}`);
    }
  }
  return queues
    .map(({ name }) => name)
    .filter((name) => reached.has(`queue ${name}`) || (message.exchange === '' && message.routingKeys.includes(name)))
    .sort();
}

function matchesByTheRules(type: string, binding: Binding, { routingKeys, headers = {} }: RoutedMessage): boolean {
  if (type === 'fanout') return true;
  if (type === 'headers') return headersMatchByTheRules(binding.arguments ?? {}, headers);
  const matches = type === 'topic' ? topicMatchesByTheRules : (one: string, other: string) => one === other;
  return routingKeys.some((key) => matches(binding.bindingKey, key));
}

describe('on any small topology, with cycles, missing and alternate exchanges,', () => {
  it('a message reaches the queues that a literal reading of the rules names, each once (rules 4.4.1 to 4.4.4, 4.4.7)', () => {
    fc.assert(
      fc.property(anyTopology, anyMessage, (topology, message) => {
        expect(createRouter(topology, { random: () => 0 }).route(message)).toEqual(routeByTheRules(topology, message));
      }),
      { numRuns: 3_000 },
    );
  });

  it('the explanation names those queues, each taken once, and every hop for a reason', () => {
    fc.assert(
      fc.property(anyTopology, anyMessage, (topology, message) => {
        const router = createRouter(topology, { random: () => 0 });
        const hops = router.explain(message);
        const taken = hops.flatMap(({ matches }) =>
          matches.flatMap(({ binding, dropped }) =>
            binding.destinationType === 'queue' && !dropped ? [binding.destination] : [],
          ),
        );

        expect(taken.sort()).toEqual(router.route(message));
        expect(new Set(hops.map(({ exchange }) => exchange)).size).toBe(hops.length);
        for (const [at, { reached }] of hops.entries()) {
          const before = hops.slice(0, at).map(({ exchange }) => exchange);
          if (reached.by === 'publish') expect(at).toBe(0);
          else expect(before).toContain(reached.by === 'binding' ? reached.from : reached.of);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
