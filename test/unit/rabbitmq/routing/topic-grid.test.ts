import { topicMatches } from '../../../../rabbitmq/routing/topic.ts';
import { createTopicTrie } from '../../../../rabbitmq/routing/topic-trie.ts';
import { topicMatchesByTheRules } from './topic-by-the-rules.ts';

const zeroWords = ['', '#', '#.#'];
const anyWords = ['#', '#.#', '*.#', '#.*.#'];

/** Chosen by rules 4.1.1 to 4.1.6 and 4.1.8; every pair was asked of RabbitMQ 3.10.8 and 4.3.6, which agreed. */
const bindingKeys = [
  ...['', '.', '..', 'eu', 'eu.', '.eu', 'eu.paid', 'eu.paid.card', '*', '*.*', '*.', '.*', '*.*.*', 'eu.*', '*.paid'],
  ...['eu.*.card', '#', '#.#', 'eu.#', '#.card', 'eu.#.card', '*.#', '#.*.#', '#.eu.#.card', 'eu*', '#.paid.*'],
];
const matching: Readonly<Record<string, readonly string[]>> = {
  '': zeroWords,
  '.': [...anyWords, '.', '*.*', '*.', '.*'],
  eu: [...anyWords, 'eu', '*', 'eu.#'],
  'eu.': [...anyWords, 'eu.', '*.*', '*.', 'eu.*', 'eu.#'],
  'eu.paid': [...anyWords, 'eu.paid', '*.*', 'eu.*', '*.paid', 'eu.#'],
  'eu.paid.card': [
    ...[...anyWords, 'eu.paid.card', '*.*.*', 'eu.*.card', 'eu.#', '#.card', 'eu.#.card'],
    ...['#.eu.#.card', '#.paid.*'],
  ],
  'eu..card': [...anyWords, '*.*.*', 'eu.*.card', 'eu.#', '#.card', 'eu.#.card', '#.eu.#.card'],
  'us.eu.card': [...anyWords, '*.*.*', '#.card', '#.eu.#.card'],
  'eu.eu.paid.card': [...anyWords, 'eu.#', '#.card', 'eu.#.card', '#.eu.#.card', '#.paid.*'],
  'EU.paid': [...anyWords, '*.*', '*.paid'],
  '*': [...anyWords, '*'],
  '#.card': [...anyWords, '*.*', '#.card'],
};

describe('26 binding keys (rules 4.1.1 to 4.1.6, 4.1.8, 4.1.13)', () => {
  const trie = createTopicTrie<string>();
  for (const bindingKey of bindingKeys) trie.add(bindingKey, bindingKey);

  it.each(Object.entries(matching))('match the routing key "%s" as RabbitMQ said', (routingKey, expected) => {
    const found: string[] = [];
    trie.match(routingKey, (bindingKey) => found.push(bindingKey));

    expect(found.sort()).toEqual(expected.toSorted());
    for (const bindingKey of bindingKeys) {
      expect([bindingKey, topicMatches(bindingKey, routingKey)]).toEqual([bindingKey, expected.includes(bindingKey)]);
      expect(topicMatchesByTheRules(bindingKey, routingKey)).toBe(expected.includes(bindingKey));
    }
  });

  it('make 312 pairs with 12 routing keys', () => {
    expect(new Set(bindingKeys).size * Object.keys(matching).length).toBe(312);
  });
});
