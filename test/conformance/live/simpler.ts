import type { Headers } from '../../../rabbitmq/message.ts';
import type { DefinedBinding, DefinedExchange, Definitions, Publish } from './case.ts';

/** Definitions with one thing less: boldest first. */
export function* simplerDefinitions(definitions: Definitions): Generator<Definitions> {
  const { exchanges, queues, bindings, policies = [] } = definitions;
  yield* halves(bindings).map((fewer) => ({ ...definitions, bindings: fewer }));
  yield* policies.map((_, at) => ({ ...definitions, policies: policies.toSpliced(at, 1) }));
  for (const { name } of exchanges) yield withoutExchange(definitions, name);
  for (const { name } of queues) {
    yield {
      ...definitions,
      queues: queues.filter((queue) => queue.name !== name),
      bindings: bindings.filter((binding) => binding.destination_type !== 'queue' || binding.destination !== name),
    };
  }
  yield* withOnePlainer(bindings, plainerBindings).map((plainer) => ({ ...definitions, bindings: plainer }));
  yield* withOnePlainer(exchanges, plainerExchanges).map((plainer) => ({ ...definitions, exchanges: plainer }));
}

export function* simplerMessages(messages: readonly Publish[]): Generator<Publish[]> {
  if (messages.length > 1) yield* messages.map((_, at) => messages.toSpliced(at, 1));
  yield* withOnePlainer(messages, plainerMessages);
}

function withoutExchange({ exchanges, bindings, ...rest }: Definitions, name: string): Definitions {
  return {
    ...rest,
    exchanges: exchanges.filter((exchange) => exchange.name !== name),
    bindings: bindings.filter(
      ({ source, destination, destination_type }) =>
        source !== name && !(destination_type === 'exchange' && destination === name),
    ),
  };
}

/** Without the first half, the second, a quarter, …, each single one. */
function halves<T>(items: readonly T[]): T[][] {
  const fewer: T[][] = [];
  for (let step = Math.ceil(items.length / 2); step >= 1; step = step === 1 ? 0 : Math.ceil(step / 2)) {
    for (let at = 0; at < items.length; at += step) fewer.push(items.toSpliced(at, step));
  }
  return fewer;
}

function withOnePlainer<T>(items: readonly T[], plainer: (item: T) => T[]): T[][] {
  return items.flatMap((item, at) => plainer(item).map((one) => items.with(at, one)));
}

function plainerBindings(binding: DefinedBinding): DefinedBinding[] {
  return [
    ...fewerHeaders(binding.arguments).map((args) => ({ ...binding, arguments: args })),
    ...plainerKeys(binding.routing_key).map((routing_key) => ({ ...binding, routing_key })),
  ];
}

function plainerExchanges(exchange: DefinedExchange): DefinedExchange[] {
  return [
    ...(exchange.internal ? [{ ...exchange, internal: false }] : []),
    ...fewerHeaders(exchange.arguments).map((args) => ({ ...exchange, arguments: args })),
    ...(['fanout', 'direct'] as const).slice(0, plainness(exchange)).map((type) => ({ ...exchange, type })),
  ];
}

/** Fanout is the plainest, then direct. */
function plainness({ type }: DefinedExchange): number {
  if (type === 'fanout') return 0;
  return type === 'direct' ? 1 : 2;
}

function plainerMessages(message: Publish): Publish[] {
  const { headers, properties, routing_key } = message;
  const shorter = Object.entries(headers).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((_, at) => ({ ...headers, [name]: value.toSpliced(at, 1) })) : [],
  );
  const fewerProperties = Object.keys(properties).map((name) =>
    Object.fromEntries(Object.entries(properties).filter(([other]) => other !== name)),
  );
  return [
    ...[...fewerHeaders(headers), ...shorter].map((fewer) => ({ ...message, headers: fewer })),
    ...fewerProperties.map((fewer) => ({ ...message, properties: fewer })),
    ...plainerKeys(routing_key).map((key) => ({ ...message, routing_key: key })),
  ];
}

function fewerHeaders(headers: Headers): Headers[] {
  const entries = Object.entries(headers);
  return entries.map((_, at) => Object.fromEntries(entries.toSpliced(at, 1)));
}

/** Empty, with one word less, or with one word an `a`. */
function plainerKeys(key: string): string[] {
  if (key === '') return [];
  const words = key.split('.');
  const some = words.slice(0, 8);
  const fewer = [words.slice(0, Math.floor(words.length / 2)), ...some.map((_, at) => words.toSpliced(at, 1))];
  const plain = some.flatMap((word, at) => (word.length > 1 ? [words.with(at, 'a')] : []));
  return [...new Set(['', ...[...fewer, ...plain].map((parts) => parts.join('.'))])].filter((one) => one !== key);
}
