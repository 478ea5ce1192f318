import * as fc from 'fast-check';
import type { Headers } from '../../../../rabbitmq/message.ts';
import { type ExchangeType, hashableProperties } from '../../../../rabbitmq/topology.ts';
import { type DefinedBinding, type DefinedExchange, type DefinedQueue, type Definitions, isChooser } from '../case.ts';
import { anyKey, anyPattern } from './keys.ts';
import { anyPolicies } from './policies.ts';
import { anyHeaderArguments } from './values.ts';

/** What the broker in question has and takes. */
export interface Vocabulary {
  readonly exchangeTypes: readonly ExchangeType[];
  readonly maxHashWords: number;
}

const exchangeNames = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];
/** Exchanges every vhost has (rule 4.3.6). */
export const predeclared: readonly DefinedExchange[] = (
  [
    ['amq.direct', 'direct'],
    ['amq.fanout', 'fanout'],
    ['amq.topic', 'topic'],
    ['amq.headers', 'headers'],
    ['amq.match', 'headers'],
  ] as const
).map(([name, type]) => ({ name, type, internal: false, arguments: {} }));

/** Some named like keys, so that the default exchange finds them; one, `full`, takes nothing: it refuses every message. */
const queues: readonly DefinedQueue[] = [
  ...['q0', 'q1', 'q2', 'q3', 'a', 'a.b'].map((name) => ({ name, arguments: {} })),
  { name: 'full', arguments: { 'x-max-length': 0, 'x-overflow': 'reject-publish' } },
];

const anyHashArguments: fc.Arbitrary<Headers> = fc.oneof(
  fc.constant({}),
  fc.constantFrom('h', 'x-h').map((header) => ({ 'hash-header': header })),
  fc.constantFrom(...hashableProperties).map((property) => ({ 'hash-property': property })),
);
/** Chains, circles, itself, a predeclared one, a missing one, and the default exchange, which routes nothing by it but by a policy. */
const anyAlternate: fc.Arbitrary<Headers> = fc.option(
  fc.constantFrom(...exchangeNames, 'amq.fanout', 'missing', '').map((name) => ({ 'alternate-exchange': name })),
  { nil: {}, freq: 2 },
);

function anyExchange(name: string, { exchangeTypes }: Vocabulary): fc.Arbitrary<DefinedExchange> {
  const type = fc.constantFrom<ExchangeType>(...exchangeTypes);
  return fc
    .tuple(type, fc.integer({ min: 0, max: 7 }), anyAlternate, anyHashArguments)
    .map(([type, internal, alternate, hashOn]) => ({
      name,
      type,
      internal: internal === 0,
      arguments: { ...alternate, ...(type === 'x-consistent-hash' && hashOn) },
    }));
}

function anyBindingFrom(source: DefinedExchange, others: readonly string[], words: Vocabulary) {
  const to = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(fc.constant('queue' as const), fc.constantFrom(...queues.map((q) => q.name))) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('exchange' as const), fc.constantFrom(...others)) },
  );
  const forHeaders = source.type === 'headers' ? anyHeaderArguments : fc.constant({});
  return fc.tuple(to, bindingKeyOf(source.type, words), forHeaders).map(
    ([[destination_type, destination], routing_key, args]): DefinedBinding => ({
      source: source.name,
      destination_type,
      destination,
      routing_key,
      arguments: args,
    }),
  );
}

function bindingKeyOf(type: ExchangeType, { maxHashWords }: Vocabulary): fc.Arbitrary<string> {
  if (type === 'topic') return anyPattern(maxHashWords);
  if (type === 'x-consistent-hash') return fc.integer({ min: 1, max: 4 }).map(String);
  return anyKey;
}

/** Small enough for bindings, alternate exchanges and circles to meet. */
export function anyDefinitions(words: Vocabulary): fc.Arbitrary<Definitions> {
  return fc
    .subarray(exchangeNames, { minLength: 1 })
    .chain((names) => fc.tuple(...names.map((name) => anyExchange(name, words))))
    .chain((exchanges) => {
      const sources = [...atMostTwoChoosers(exchanges), ...predeclared];
      const names = sources.map(({ name }) => name);
      const each = (source: DefinedExchange, maxLength: number) =>
        fc.array(anyBindingFrom(source, names, words), { maxLength });
      return fc
        .tuple(anyPolicies, ...sources.map((source) => each(source, source.name.startsWith('amq.') ? 2 : 6)))
        .map(([policies, ...bindings]) => ({
          policies,
          exchanges: sources.slice(0, exchanges.length),
          queues,
          bindings: withRepeats(bindings.flat()),
        }));
    });
}

/** Each one multiplies what may happen to a message. */
function atMostTwoChoosers(exchanges: readonly DefinedExchange[]): DefinedExchange[] {
  let choosers = 0;
  return exchanges.map((exchange) =>
    isChooser(exchange.type) && ++choosers > 2 ? { ...exchange, type: 'direct' } : exchange,
  );
}

/** The same binding again, which RabbitMQ takes for the one it has (rule 4.4.10). */
function withRepeats(bindings: readonly DefinedBinding[]): DefinedBinding[] {
  return [...bindings, ...bindings.slice(0, 1)];
}
