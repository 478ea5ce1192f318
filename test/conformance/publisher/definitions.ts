import type { ExchangeType } from '../../../rabbitmq/topology.ts';
import type { DefinedBinding, DefinedExchange, Definitions } from '../live/case.ts';

const binding = (
  source: string,
  destination: string,
  routing_key: string,
  more: Partial<DefinedBinding> = {},
): DefinedBinding => ({
  source,
  destination,
  destination_type: 'queue',
  routing_key,
  arguments: {},
  ...more,
});
const exchange = (name: string, type: ExchangeType, more: Partial<DefinedExchange> = {}): DefinedExchange => ({
  name,
  type,
  internal: false,
  arguments: {},
  ...more,
});

/** Of the queue `limited`, and of `quorum`: nothing is bound to them, they are there to be asserted. */
export const limits = {
  'x-message-ttl': 5000,
  'x-dead-letter-exchange': 'fanout',
  'x-dead-letter-routing-key': 'dead',
  'x-max-length': 10,
  'x-overflow': 'reject-publish',
} as const;
export const quorum = { 'x-queue-type': 'quorum', 'x-delivery-limit': 3 } as const;

export const definitions: Definitions = {
  exchanges: [
    exchange('direct', 'direct'),
    exchange('fanout', 'fanout'),
    exchange('topic', 'topic'),
    exchange('headers', 'headers'),
    exchange('alternated', 'direct', { arguments: { 'alternate-exchange': 'fanout' } }),
    exchange('inside', 'fanout', { internal: true }),
    exchange('source', 'topic'),
    exchange('by-id', 'x-consistent-hash', { arguments: { 'hash-property': 'message_id' } }),
    exchange('by-time', 'x-consistent-hash', { arguments: { 'hash-property': 'timestamp' } }),
  ],
  queues: [
    ...['one', 'two'].map((name) => ({ name, arguments: {} })),
    { name: 'limited', arguments: limits },
    { name: 'quorum', arguments: quorum },
  ],
  bindings: [
    binding('direct', 'one', 'key'),
    binding('fanout', 'one', ''),
    binding('fanout', 'two', ''),
    binding('topic', 'one', 'a.*'),
    binding('topic', 'two', 'a.#'),
    binding('headers', 'one', '', { arguments: { 'x-match': 'all', tenant: 'shop' } }),
    binding('inside', 'two', ''),
    binding('source', 'direct', '#', { destination_type: 'exchange' }),
    ...['by-id', 'by-time'].flatMap((source) => [binding(source, 'one', '1'), binding(source, 'two', '1')]),
  ],
};
