import { analyse } from '../../../rabbitmq/analyse.ts';
import { createDeclarations } from '../../../rabbitmq/declaring/declarations.ts';

const usual = { durable: true, autoDelete: false, internal: false, exclusive: false, arguments: {} };

function declared(definitions: object, vhost = '/') {
  return createDeclarations(analyse(JSON.stringify(definitions)).topology, vhost);
}

const shop = {
  vhosts: [{ name: '/' }, { name: 'other' }, { name: 'quorums', metadata: { default_queue_type: 'quorum' } }],
  exchanges: [
    { name: 'orders', vhost: '/', type: 'topic' },
    { name: 'brief', vhost: '/', type: 'fanout', durable: false, auto_delete: true },
    { name: 'later', vhost: '/', type: 'x-delayed-message', arguments: { 'x-delayed-type': 'direct' } },
    { name: 'governed', vhost: '/', type: 'direct' },
  ],
  queues: [
    { name: 'work', vhost: '/' },
    { name: 'brief', vhost: '/', durable: false, auto_delete: true },
    {
      name: 'wait',
      vhost: '/',
      arguments: { 'x-message-ttl': 1000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' },
    },
    { name: 'work', vhost: 'quorums' },
  ],
  bindings: [
    {
      source: 'orders',
      vhost: '/',
      destination: 'work',
      destination_type: 'queue',
      routing_key: 'order.#',
      arguments: { b: 1, a: 'x' },
    },
  ],
  policies: [
    {
      name: 'ttl',
      vhost: '/',
      pattern: '.*',
      'apply-to': 'all',
      definition: { 'message-ttl': 60_000, 'alternate-exchange': 'orders' },
    },
  ],
};

describe('a declaration of what is deployed', () => {
  const { assertExchange, assertQueue, assertBinding, checkQueue } = declared(shop);

  it.each<[string, () => void]>([
    ['an exchange', () => assertExchange({ ...usual, name: 'orders', type: 'topic' })],
    [
      'one that is transient and auto-delete, although nothing deletes it here',
      () => assertExchange({ ...usual, name: 'brief', type: 'fanout', durable: false, autoDelete: true }),
    ],
    ['a delayed one, by the type it has', () => assertExchange({ ...usual, name: 'later', type: 'x-delayed-message' })],
    [
      'one whose alternate exchange is a policy’s, not its own',
      () => assertExchange({ ...usual, name: 'governed', type: 'direct' }),
    ],
    ['a queue whose TTL is a policy’s, not its own', () => assertQueue({ ...usual, name: 'work' })],
    ['a transient queue', () => assertQueue({ ...usual, name: 'brief', durable: false, autoDelete: true })],
    ['a queue that is a delay, and no SQS queue', () => checkQueue('wait')],
    [
      'a binding, its arguments in any order and of any width',
      () =>
        assertBinding({
          source: 'orders',
          destination: 'work',
          destinationType: 'queue',
          bindingKey: 'order.#',
          arguments: { a: 'x', b: { '!': 'byte', value: 1 } },
        }),
    ],
    [
      'a queue of a vhost whose queues are quorum queues, named or not',
      () => {
        const quorums = declared(shop, 'quorums');
        quorums.assertQueue({ ...usual, name: 'work' });
        quorums.assertQueue({ ...usual, name: 'work', arguments: { 'x-queue-type': 'quorum' } });
      },
    ],
  ])('is granted: %s', (_, declare) => {
    expect(declare).not.toThrow();
  });

  it.each<[string, () => void, string]>([
    [
      'a missing exchange, which a broker would make',
      () => assertExchange({ ...usual, name: 'gone', type: 'topic' }),
      "406 PRECONDITION_FAILED - no exchange 'gone' in vhost '/': it is not made at run time; declare it in definitions.json and deploy",
    ],
    [
      'a missing queue, which a broker would make',
      () => assertQueue({ ...usual, name: 'gone' }),
      "406 PRECONDITION_FAILED - no queue 'gone' in vhost '/': it is not made at run time; declare it in definitions.json and deploy",
    ],
    [
      'another vhost’s queue',
      () => declared(shop, 'other').checkQueue('work'),
      "404 NOT_FOUND - no queue 'work' in vhost 'other'",
    ],
    [
      'a binding that is not there',
      () =>
        assertBinding({
          source: 'orders',
          destination: 'work',
          destinationType: 'queue',
          bindingKey: 'order.paid',
          arguments: {},
        }),
      "406 PRECONDITION_FAILED - no binding from exchange 'orders' to queue 'work' by 'order.paid': it is not made at run time; declare it in definitions.json and deploy",
    ],
    [
      'an exclusive queue',
      () => assertQueue({ ...usual, name: 'work', exclusive: true, durable: false }),
      "405 RESOURCE_LOCKED - cannot obtain exclusive access to locked queue 'work' in vhost '/'. It could be originally declared on another connection or the exclusive property value does not match that of the original declaration.",
    ],
    [
      'a type RabbitMQ does not know',
      () => assertExchange({ ...usual, name: 'orders', type: 'nosuch' }),
      "406 PRECONDITION_FAILED - unknown exchange type 'nosuch'",
    ],
    [
      'a classic queue of a vhost whose queues are quorum queues',
      () => declared(shop, 'quorums').assertQueue({ ...usual, name: 'work', arguments: { 'x-queue-type': 'classic' } }),
      "406 PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue 'work' in vhost 'quorums': received 'classic' but current is 'quorum'",
    ],
  ])('is refused: %s', (_, declare, text) => {
    expect(declare).toThrow(new Error(text));
  });
});
