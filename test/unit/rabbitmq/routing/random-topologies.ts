import * as fc from 'fast-check';
import type { RoutedMessage } from '../../../../rabbitmq/routing/router.ts';
import type { Binding, Exchange, Topology } from '../../../../rabbitmq/topology.ts';
import { queue } from '../topology-builders.ts';

const exchangeNames = ['e0', 'e1', 'e2', 'e3', 'e4'];
const sources = [...exchangeNames, 'amq.direct', 'amq.fanout', 'amq.topic', 'amq.match'];
const queueNames = ['q0', 'q1', 'q2', 'q3', 'a', 'a.b'];
const keys = fc.constantFrom('', 'a', 'b', 'a.b', 'a.*', '*', '#', '#.b', 'a.b.c', 'q0');
const type = fc.constantFrom('direct' as const, 'fanout' as const, 'topic' as const, 'headers' as const);
const headers = fc.dictionary(fc.constantFrom('h', 'i', 'x-h'), fc.constantFrom(1, 'one', null), { maxKeys: 2 });
const args = fc
  .tuple(headers, fc.constantFrom('all', 'any', 'all-with-x', 'any-with-x'))
  .map(([conditions, match]) => ({ ...conditions, 'x-match': match }));
const maybeAlternate = fc.option(fc.constantFrom(...exchangeNames, 'amq.fanout', 'missing'), { nil: undefined });

const exchange = (name: string): fc.Arbitrary<Exchange> =>
  fc.record({
    vhost: fc.constant('/'),
    name: fc.constant(name),
    type,
    internal: fc.boolean(),
    alternateExchange: maybeAlternate,
  });

const binding: fc.Arbitrary<Binding> = fc.record({
  vhost: fc.constant('/'),
  source: fc.constantFrom(...sources),
  bindingKey: keys,
  arguments: args,
  ...{ destination: fc.constant(''), destinationType: fc.constant('queue' as const) },
});

const destination = fc.oneof(
  fc.record({ destinationType: fc.constant('queue' as const), destination: fc.constantFrom(...queueNames) }),
  fc.record({
    destinationType: fc.constant('exchange' as const),
    destination: fc.constantFrom(...sources, 'missing'),
  }),
);

/** Small enough for bindings, alternates and cycles to meet; every queue a binding names is there, as RabbitMQ demands. */
export const anyTopology: fc.Arbitrary<Topology> = fc.record({
  dialect: fc.constant('4.3' as const),
  exchanges: fc.subarray(exchangeNames).chain((names) => fc.tuple(...names.map(exchange))),
  queues: fc.constant(queueNames.map((name) => queue(name))),
  bindings: fc.array(
    fc.tuple(binding, destination).map(([base, to]): Binding => ({ ...base, ...to })),
    { maxLength: 14 },
  ),
});

export const anyMessage: fc.Arbitrary<RoutedMessage> = fc.record({
  vhost: fc.constant('/'),
  exchange: fc.constantFrom(...sources, ''),
  routingKeys: fc.array(keys, { minLength: 1, maxLength: 3 }),
  headers,
});
