import { routingTerm } from '../rabbitmq/amqp-value.ts';
import type { RoutedMessage } from '../rabbitmq/routing/router.ts';
import type { Binding, ExchangeType, Topology } from '../rabbitmq/topology.ts';

/** What one writes first: ask every binding of the exchange whether it matches. To compare with; it knows no alternate exchanges. */
export function createLinearRouter({ exchanges, bindings }: Topology): (message: RoutedMessage) => string[] {
  const types = new Map(exchanges.map(({ name, type }) => [name, type]));
  const bySource = Map.groupBy(bindings, ({ source }) => source);
  return (message) => {
    const visited = new Set([message.exchange]);
    const queues = new Set<string>();
    for (const name of visited) {
      const type = types.get(name);
      for (const binding of bySource.get(name) ?? []) {
        if (!type || !matches(type, binding, message)) continue;
        (binding.destinationType === 'queue' ? queues : visited).add(binding.destination);
      }
    }
    return [...queues].sort();
  };
}

function matches(type: ExchangeType, binding: Binding, { routingKeys, headers = {} }: RoutedMessage): boolean {
  if (type === 'direct') return routingKeys.includes(binding.bindingKey);
  if (type === 'topic') return routingKeys.some((key) => wordsMatch(wordsOf(binding.bindingKey), wordsOf(key)));
  if (type === 'fanout') return true;
  const { 'x-match': mode, ...asked } = binding.arguments ?? {};
  const met = Object.entries(asked).map(([name, value]) => {
    const header = headers[name];
    return header !== undefined && routingTerm(header, 'header') === routingTerm(value, 'argument');
  });
  return mode === 'any' ? met.includes(true) : !met.includes(false);
}

function wordsOf(key: string): readonly string[] {
  return key === '' ? [] : key.split('.');
}

function wordsMatch(pattern: readonly string[], words: readonly string[], at = 0, wordAt = 0): boolean {
  if (at === pattern.length) return wordAt === words.length;
  if (pattern[at] === '#') {
    return (
      wordsMatch(pattern, words, at + 1, wordAt) ||
      (wordAt < words.length && wordsMatch(pattern, words, at, wordAt + 1))
    );
  }
  if (wordAt === words.length || (pattern[at] !== '*' && pattern[at] !== words[wordAt])) return false;
  return wordsMatch(pattern, words, at + 1, wordAt + 1);
}
