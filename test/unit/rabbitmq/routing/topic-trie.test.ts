import * as fc from 'fast-check';
import { topicMatches } from '../../../../rabbitmq/routing/topic.ts';
import { createTopicTrie } from '../../../../rabbitmq/routing/topic-trie.ts';
import { topicMatchesByTheRules } from './topic-by-the-rules.ts';

const key = fc
  .array(fc.constantFrom('a', 'b', '', '*', '#', 'a*', 'A'), { maxLength: 7 })
  .map((words) => words.join('.'));

function matched(bindingKeys: readonly string[], routingKey: string): number[] {
  const trie = createTopicTrie<number>();
  bindingKeys.forEach((bindingKey, at) => {
    trie.add(bindingKey, at);
  });
  const found: number[] = [];
  trie.match(routingKey, (at) => found.push(at));
  return found.sort((one, other) => one - other);
}

function ways(count: number, matches: (at: number) => boolean): number[] {
  return [...Array(count).keys()].filter(matches);
}

describe('many topic bindings in one trie', () => {
  it('match as each does alone, and each is found once', () => {
    fc.assert(
      fc.property(fc.array(key, { maxLength: 20 }), key, (bindingKeys, routingKey) => {
        const found = matched(bindingKeys, routingKey);

        expect(found).toEqual(
          ways(bindingKeys.length, (at) => topicMatchesByTheRules(bindingKeys[at] ?? '', routingKey)),
        );
        expect(found).toEqual(ways(bindingKeys.length, (at) => topicMatches(bindingKeys[at] ?? '', routingKey)));
      }),
      { numRuns: 3_000 },
    );
  });

  it('treat # words in a row as one (rule 4.1.11)', () => {
    expect(matched(['#.#.a', '#.a', '#.#', 'a.#.#.#', '#.*.#'], 'a')).toEqual([0, 1, 2, 3, 4]);
    expect(matched(['#.#', 'a.#.#'], '')).toEqual([0]);
  });
});

/** Nodes asked for a word: counted instead of timed, which a busy machine would falsify. */
function lookups(bindingKeys: readonly string[], routingKey: string): number {
  const trie = createTopicTrie<string>();
  for (const bindingKey of bindingKeys) trie.add(bindingKey, bindingKey);
  const { get } = Map.prototype;
  let asked = 0;
  Map.prototype.get = function (key) {
    asked++;
    return get.call(this, key);
  };
  try {
    trie.match(routingKey, () => {});
  } finally {
    Map.prototype.get = get;
  }
  return asked;
}

describe('the cost of matching (rule 4.1.14)', () => {
  it('is at most words times # words, where backtracking would be exponential', () => {
    const words = 120;
    const bindingKey = `${'#.a.'.repeat(60)}z`;

    expect(lookups([bindingKey], Array.from({ length: words }, () => 'a').join('.'))).toBeLessThan(words * 121);
  });

  it('does not grow with bindings that begin otherwise', () => {
    const others = Array.from({ length: 5_000 }, (_, at) => `other${at}.#.x.*`);
    const own = ['a.*.c', 'a.#', '#.c', '*.b.*'];

    expect(lookups([...own, ...others], 'a.b.c')).toBe(lookups(own, 'a.b.c'));
  });
});
