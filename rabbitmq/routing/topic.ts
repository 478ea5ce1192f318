import type { Binding } from '../topology.ts';
import type { Matcher } from './matcher.ts';
import { createTopicTrie, type TopicTrie } from './topic-trie.ts';

/** Rules 4.1. */
export function topicMatcher(bindings: readonly Binding[]): Matcher {
  const trie: TopicTrie<Binding> = createTopicTrie();
  for (const binding of bindings) trie.add(binding.bindingKey, binding);
  return ({ routingKeys }, found) => {
    for (const key of routingKeys) trie.match(key, found);
  };
}

/** Does a topic binding key match a routing key? To ask for many keys, or many bindings, keep a trie. */
export function topicMatches(bindingKey: string, routingKey: string): boolean {
  const trie: TopicTrie<true> = createTopicTrie();
  trie.add(bindingKey, true);
  let matches = false;
  trie.match(routingKey, () => {
    matches = true;
  });
  return matches;
}
