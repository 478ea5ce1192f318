import type { Headers, HeaderValue } from '../../../rabbitmq/message.ts';
import type { DefinedBinding, DefinedExchange, Definitions, Publish } from './case.ts';
import type { Change } from './change.ts';

/**
 * Warren with one rule broken, to see the run find it: Warren's own routing is told of other definitions or another message, or
 * another outcome is taken for its own.
 */
export const plants = {
  /** 4.1.1: empty words do not count. */
  'topic-drops-empty-words': {
    definitions: onTopicKeys((key) => wordsOf(key).filter(Boolean).join('.')),
    message: onKeys((key) => wordsOf(key).filter(Boolean).join('.')),
  },
  /** 4.1.2: `*` takes no empty word; here, it takes none at all where one stands first. */
  'topic-star-takes-no-word': { definitions: onTopicKeys((key) => key.replace(/^\*(\.|$)/, '')) },
  /** 4.1.3: `#` takes one word at least. */
  'topic-hash-takes-a-word': { definitions: onTopicKeys((key) => wordsWith(key, '#', ['*', '#'])) },
  /** 4.1.6: capitals do not matter. */
  'case-insensitive': {
    definitions: onBindings((binding) => ({ ...binding, routing_key: binding.routing_key.toLowerCase() })),
    message: onKeys((key) => key.toLowerCase()),
  },
  /** 4.1.9: CC does not route. */
  'cc-does-not-route': { message: withoutHeader('CC') },
  'bcc-does-not-route': { message: withoutHeader('BCC') },
  /** 4.2.1: `any` is `all`. */
  'headers-any-is-all': { definitions: onMatch((match) => (match === 'any' ? 'all' : match)) },
  /** 4.2.1, 4.2.2: arguments that start with `x-` always count. */
  'headers-use-x-arguments': {
    definitions: onMatch((match) => (match === 'any' ? 'any-with-x' : match === 'any-with-x' ? match : 'all-with-x')),
  },
  /** 4.2.4: void is a value like others. */
  'headers-void-is-a-value': {
    definitions: onArguments((args) => withValues(args, (value) => (value === null ? 'void' : value))),
  },
  /** 4.2.5: 1 equals '1'. */
  'headers-numbers-are-text': {
    definitions: onArguments((args) => withValues(args, numberAsText)),
    message: (message) => ({ ...message, headers: withValues(message.headers, numberAsText) }),
  },
  /** 4.3.1: wildcards match in a direct exchange. */
  'direct-knows-wildcards': { definitions: onExchanges((one) => (one.type === 'direct' ? asType(one, 'topic') : one)) },
  /** 4.3.2: a fanout exchange looks at the key. */
  'fanout-looks-at-the-key': {
    definitions: onExchanges((one) => (one.type === 'fanout' ? asType(one, 'direct') : one)),
  },
  /** 4.4.2: a copy for each key. */
  'a-copy-for-each-key': {
    outcome: (outcome, { message }) =>
      'error' in outcome || !Array.isArray(message.headers['CC']) || message.headers['CC'].length === 0
        ? outcome
        : { ...outcome, queues: outcome.queues.flatMap((queue) => [queue, queue]) },
  },
  /** 4.4.3: exchanges bound to exchanges get nothing. */
  'no-exchange-to-exchange': {
    definitions: (all) => ({ ...all, bindings: all.bindings.filter((one) => one.destination_type === 'queue') }),
  },
  /** 4.4.7, 4.4.9: no alternate exchange. */
  'no-alternate-exchange': {
    definitions: onExchanges((one) => ({ ...one, arguments: without(one.arguments, 'alternate-exchange') })),
  },
  /** 4.5.5: who will may publish to an internal exchange. */
  'internal-takes-publishes': { definitions: onExchanges((one) => ({ ...one, internal: false })) },
  /** 4.5.9: CC and BCC that are no array are passed over. */
  'copies-of-any-type': {
    message: ({ headers, ...message }) => ({
      ...message,
      headers: Object.fromEntries(
        Object.entries(headers).filter(([name, value]) => !/^B?CC$/.test(name) || Array.isArray(value)),
      ),
    }),
  },
  /** 4.5.17: what is returned is nacked. */
  'returned-is-nacked': {
    outcome: (outcome) => ('error' in outcome || !outcome.returned ? outcome : { ...outcome, confirm: 'nack' }),
  },
  /** 4.5.20: a refused message is returned. */
  'refused-is-returned': {
    outcome: (outcome) =>
      'error' in outcome
        ? outcome
        : { ...outcome, returned: outcome.returned || (outcome.confirm === 'nack' && outcome.queues.length === 0) },
  },
  /** 4.10.3: the routing key is hashed, whatever the arguments say. */
  'hash-always-of-the-key': {
    definitions: onExchanges((one) => ({ ...one, arguments: without(one.arguments, 'hash-header', 'hash-property') })),
  },
  /** 4.9.1: policies mean nothing. */
  'policies-mean-nothing': { definitions: (all) => ({ ...all, policies: [] }) },
  /** 4.9.1: the lowest priority wins. */
  'lowest-priority-wins': {
    definitions: (all) => ({ ...all, policies: all.policies?.map((one) => ({ ...one, priority: -one.priority })) }),
  },
  /** 4.9.3: a pattern has to match the whole name. */
  'patterns-are-anchored': {
    definitions: (all) => ({
      ...all,
      policies: all.policies?.map((one) => ({ ...one, pattern: `^(?:${one.pattern})$` })),
    }),
  },
  /** 4.10.5: every destination gets the message. */
  'hash-to-everyone': {
    definitions: onExchanges((one) => (one.type === 'x-consistent-hash' ? asType(one, 'fanout') : one)),
  },
} as const satisfies Readonly<Record<string, Change>>;

export type PlantName = keyof typeof plants;

export function isPlantName(name: string): name is PlantName {
  return Object.hasOwn(plants, name);
}

function onExchanges(change: (exchange: DefinedExchange) => DefinedExchange) {
  return (all: Definitions): Definitions => ({ ...all, exchanges: all.exchanges.map(change) });
}

function onBindings(change: (binding: DefinedBinding) => DefinedBinding) {
  return (all: Definitions): Definitions => ({ ...all, bindings: all.bindings.map(change) });
}

function onTopicKeys(change: (key: string) => string) {
  return (all: Definitions): Definitions => {
    const isTopic = (name: string) =>
      name === 'amq.topic' || all.exchanges.some((exchange) => exchange.name === name && exchange.type === 'topic');
    return onBindings((one) => (isTopic(one.source) ? { ...one, routing_key: change(one.routing_key) } : one))(all);
  };
}

function onArguments(change: (args: Headers) => Headers) {
  return onBindings((binding) => ({ ...binding, arguments: change(binding.arguments) }));
}

function onMatch(change: (match: HeaderValue) => HeaderValue) {
  return onArguments((args) =>
    Object.keys(args).length === 0 ? args : { ...args, 'x-match': change(args['x-match'] ?? 'all') },
  );
}

function onKeys(change: (key: string) => string) {
  return (message: Publish): Publish => ({
    ...message,
    routing_key: change(message.routing_key),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [
        name,
        /^B?CC$/.test(name) && Array.isArray(value)
          ? value.map((key) => (typeof key === 'string' ? change(key) : key))
          : value,
      ]),
    ),
  });
}

function withoutHeader(name: string) {
  return (message: Publish): Publish =>
    Array.isArray(message.headers[name]) ? { ...message, headers: without(message.headers, name) } : message;
}

function withValues(headers: Headers, change: (value: HeaderValue) => HeaderValue): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));
}

function without(headers: Headers, ...names: string[]): Headers {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

function asType(exchange: DefinedExchange, type: DefinedExchange['type']): DefinedExchange {
  return { ...exchange, type };
}

function numberAsText(value: HeaderValue): HeaderValue {
  return typeof value === 'number' ? String(value) : value;
}

function wordsOf(key: string): string[] {
  return key === '' ? [] : key.split('.');
}

function wordsWith(key: string, word: string, instead: readonly string[]): string {
  return wordsOf(key)
    .flatMap((one) => (one === word ? instead : [one]))
    .join('.');
}
