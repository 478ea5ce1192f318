import type { Headers, HeaderValue } from '../../../rabbitmq/message.ts';
import { isBefore } from '../is-before.ts';
import type { DefinedExchange, Definitions, Publish } from './case.ts';
import type { Change } from './change.ts';

/**
 * Where brokers of some versions do other than their dialect says. Nothing is skipped: of such a broker the run expects exactly what
 * stands here.
 */
export interface KnownDifference extends Change {
  readonly name: string;
  readonly from?: string;
  /** The first version that no longer does it. */
  readonly before?: string;
  readonly reason: string;
}

const knownDifferences: readonly KnownDifference[] = [
  {
    name: 'numbers of all kinds are equal',
    before: '3.13',
    reason:
      'Before message containers a headers exchange compared with Erlang’s `==`: 1 equals 1.0, and a timestamp counts seconds ' +
      '(seen on 3.10.8). The dialect 3.13 compares decoded terms (rule 4.2.5).',
    definitions: (definitions) => ({
      ...definitions,
      bindings: definitions.bindings.map((binding) => ({ ...binding, arguments: asDoubles(binding.arguments) })),
    }),
    message: (message) => ({ ...message, headers: asDoubles(message.headers) }),
  },
  {
    name: 'hashing a header that is an empty array or table breaks the connection',
    from: '4.0',
    before: '4.3',
    reason:
      'jump_consistent_hash/2 takes the first item of a list (rabbit_exchange_type_consistent_hash.erl), and there is none: the ' +
      'connection ends with 541 INTERNAL_ERROR (seen on 4.0.5), unless there is but one bucket to choose. Warren routes such ' +
      'messages, all to one queue.',
    outcome: (outcome, { message, definitions, choices }) =>
      choices.some(
        ({ exchange }) =>
          bucketsOf(exchange, definitions) > 1 && isEmptyList(hashedHeader(exchange, definitions, message)),
      )
        ? { error: 541 }
        : outcome,
  },
];

export function knownDifferencesOf(version: string): KnownDifference[] {
  return knownDifferences.filter(
    ({ from, before }) =>
      (from === undefined || !isBefore(version, from)) && (before === undefined || isBefore(version, before)),
  );
}

const numberTypes = /^(unsigned)?(byte|short|int)$|^(long|float|timestamp)$/;

function asDoubles(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, asDouble(value)]));
}

function asDouble(value: HeaderValue): HeaderValue {
  if (typeof value === 'number') return { '!': 'double', value };
  if (!isTable(value)) return value;
  const { '!': type, value: number } = value;
  if (typeof type !== 'string' || typeof number !== 'number' || !numberTypes.test(type)) return value;
  return { '!': 'double', value: type === 'float' ? Math.fround(number) : number };
}

function hashedHeader(exchange: string, { exchanges }: Definitions, { headers }: Publish): HeaderValue | undefined {
  const hashing: DefinedExchange | undefined = exchanges.find(({ name }) => name === exchange);
  const header = hashing?.arguments['hash-header'];
  return typeof header === 'string' ? headers[header] : undefined;
}

/** The weights of the first binding of each destination (rules 4.10.1, 4.10.2). */
function bucketsOf(exchange: string, { bindings }: Definitions): number {
  const own = bindings.filter(({ source }) => source === exchange);
  const byDestination = Map.groupBy(own, ({ destination_type, destination }) => `${destination_type} ${destination}`);
  return [...byDestination.values()].reduce((sum, [first]) => sum + Number(first?.routing_key), 0);
}

function isEmptyList(value: HeaderValue | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isTable(value: HeaderValue): value is Headers {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
