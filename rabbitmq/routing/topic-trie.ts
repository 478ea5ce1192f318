/**
 * Topic binding keys by their words (rules 4.1.1 to 4.1.8; rabbit_db_topic_exchange.erl). Words are split at every dot, the empty
 * key is zero words, `*` is one word (an empty one too), `#` is zero or more.
 */
export interface TopicTrie<T> {
  add(bindingKey: string, item: T): void;
  /** Finds each item that was added under a matching binding key. */
  match(routingKey: string, found: (item: T) => void): void;
}

interface Node<T> {
  readonly items: T[];
  readonly words: Map<string, Node<T>>;
  star: Node<T> | undefined;
  hash: Node<T> | undefined;
}

export function createTopicTrie<T>(): TopicTrie<T> {
  const root = newNode<T>();
  return {
    add: (bindingKey, item) => wordsOf(bindingKey).reduce(childFor, root).items.push(item),
    match: (routingKey, found) => matchFrom(root, wordsOf(routingKey), found),
  };
}

/** The node below that the binding key goes on at. A second `#` in a row adds nothing to the first (rule 4.1.11). */
function childFor<T>(node: Node<T>, word: string, at: number, words: readonly string[]): Node<T> {
  if (word === '*') {
    node.star ??= newNode();
    return node.star;
  }
  if (word === '#') {
    if (words[at - 1] === '#') return node;
    node.hash ??= newNode();
    return node.hash;
  }
  const child = node.words.get(word) ?? newNode();
  node.words.set(word, child);
  return child;
}

/**
 * Reads the key once, word by word, keeping every node that the words so far can lead to. A node behind a `#` takes any word and
 * stays; so it is kept once, however many ways lead to it, and the cost is at most words times nodes reached, whatever the number
 * of `#` (rule 4.1.14). Nodes that no word leads to are never looked at.
 */
function matchFrom<T>(root: Node<T>, words: readonly string[], found: (item: T) => void): void {
  const staying = new Set<Node<T>>();
  let reached = [root];
  addHashes(reached, staying);
  for (const word of words) {
    const next: Node<T>[] = [];
    for (const node of reached) addChildren(node, word, next);
    for (const node of staying) addChildren(node, word, next);
    reached = next;
    addHashes(reached, staying);
  }
  for (const node of reached) node.items.forEach(found);
  for (const node of staying) node.items.forEach(found);
}

function addChildren<T>(node: Node<T>, word: string, next: Node<T>[]): void {
  const child = node.words.get(word);
  if (child) next.push(child);
  if (node.star) next.push(node.star);
}

/** `#` may take no word at all. */
function addHashes<T>(nodes: readonly Node<T>[], staying: Set<Node<T>>): void {
  for (const { hash } of nodes) if (hash) staying.add(hash);
}

function newNode<T>(): Node<T> {
  return { items: [], words: new Map(), star: undefined, hash: undefined };
}

function wordsOf(key: string): string[] {
  return key === '' ? [] : key.split('.');
}
