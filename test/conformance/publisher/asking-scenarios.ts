import { limits, quorum } from './definitions.ts';
import { type Ask, type Scenario, step } from './scenario.ts';

const limited = { arguments: limits };
const without = (name: keyof typeof limits) => ({ arguments: { ...limits, [name]: undefined } });

/** What a producer asserts when it starts, and then publishes. */
const granted: readonly (readonly [name: string, asks: readonly Ask[]])[] = [
  ['an exchange as it is', [['assertExchange', 'direct', 'direct']]],
  [
    'an exchange as it is, with all options',
    [['assertExchange', 'direct', 'direct', { durable: true, autoDelete: false }]],
  ],
  ['an internal exchange as it is', [['assertExchange', 'inside', 'fanout', { internal: true }]]],
  ['an exchange with its alternate one', [['assertExchange', 'alternated', 'direct', { alternateExchange: 'fanout' }]]],
  ['a hashing exchange without its arguments', [['assertExchange', 'by-id', 'x-consistent-hash']]],
  [
    'an exchange with an argument nobody compares',
    [['assertExchange', 'direct', 'direct', { arguments: { note: 1 } }]],
  ],
  ['a predeclared exchange', [['assertExchange', 'amq.direct', 'direct']]],
  ['a queue as it is', [['assertQueue', 'one']]],
  ['a queue with the type it has anyway', [['assertQueue', 'one', { arguments: { 'x-queue-type': 'classic' } }]]],
  ['a queue with its arguments', [['assertQueue', 'limited', limited]]],
  [
    'a queue with its arguments as options',
    [
      [
        'assertQueue',
        'limited',
        {
          messageTtl: 5000,
          deadLetterExchange: 'fanout',
          deadLetterRoutingKey: 'dead',
          maxLength: 10,
          overflow: 'reject-publish',
        },
      ],
    ],
  ],
  ['a quorum queue with its arguments', [['assertQueue', 'quorum', { arguments: quorum }]]],
  [
    'what is there, by its name alone',
    [
      ['checkExchange', 'direct'],
      ['checkExchange', 'amq.topic'],
      ['checkQueue', 'one'],
    ],
  ],
  [
    'a binding that is there',
    [
      ['bindQueue', 'one', 'direct', 'key'],
      ['bindExchange', 'direct', 'source', '#'],
    ],
  ],
  [
    'a binding that is there, with its arguments',
    [['bindQueue', 'one', 'headers', '', { 'x-match': 'all', tenant: 'shop' }]],
  ],
  [
    'all it needs, one after the other',
    [
      ['assertExchange', 'direct', 'direct'],
      ['assertQueue', 'one'],
      ['bindQueue', 'one', 'direct', 'key'],
    ],
  ],
];

/** Each closes the channel. An exclusive queue is not among them: the text is cut off, and where depends on the vhost's name. */
const refused: readonly (readonly [name: string, ask: Ask])[] = [
  ['an exchange that is missing', ['checkExchange', 'gone']],
  ['a queue that is missing', ['checkQueue', 'gone']],
  ['a queue without a name', ['checkQueue', '']],
  ['the default exchange', ['checkExchange', '']],
  ['an assert of the default exchange', ['assertExchange', '', 'direct']],
  ['an exchange of another type', ['assertExchange', 'direct', 'fanout']],
  ['a predeclared exchange of another type', ['assertExchange', 'amq.direct', 'fanout']],
  ['an exchange with a reserved name', ['assertExchange', 'amq.new', 'fanout']],
  ['a queue with a reserved name', ['assertQueue', 'amq.new']],
  ['a transient exchange', ['assertExchange', 'direct', 'direct', { durable: false }]],
  ['an auto-delete exchange', ['assertExchange', 'direct', 'direct', { autoDelete: true }]],
  ['an exchange asserted internal', ['assertExchange', 'direct', 'direct', { internal: true }]],
  ['an internal exchange asserted open', ['assertExchange', 'inside', 'fanout']],
  [
    'an exchange that is otherwise in every way',
    ['assertExchange', 'direct', 'topic', { durable: false, internal: true }],
  ],
  ['an exchange without its alternate one', ['assertExchange', 'alternated', 'direct']],
  ['another alternate exchange', ['assertExchange', 'alternated', 'direct', { alternateExchange: 'topic' }]],
  ['an alternate exchange it does not have', ['assertExchange', 'direct', 'direct', { alternateExchange: 'topic' }]],
  ['a transient queue', ['assertQueue', 'one', { durable: false }]],
  ['an auto-delete queue', ['assertQueue', 'one', { autoDelete: true }]],
  ['a queue of another type', ['assertQueue', 'one', { arguments: { 'x-queue-type': 'quorum' } }]],
  ['a quorum queue without its type', ['assertQueue', 'quorum', { arguments: { 'x-delivery-limit': 3 } }]],
  ['a quorum queue with another limit', ['assertQueue', 'quorum', { arguments: { ...quorum, 'x-delivery-limit': 4 } }]],
  ['a queue with a TTL it does not have', ['assertQueue', 'one', { messageTtl: 5 }]],
  ['a queue with a long TTL it does not have', ['assertQueue', 'one', { messageTtl: 86_400_000 }]],
  ['a queue with a limit it does not have', ['assertQueue', 'one', { maxLength: 300 }]],
  ['a queue with priorities', ['assertQueue', 'one', { maxPriority: 5 }]],
  ['a queue without its arguments', ['assertQueue', 'limited']],
  ['a queue with another TTL', ['assertQueue', 'limited', { arguments: { ...limits, 'x-message-ttl': 6000 } }]],
  ['a queue with a TTL that is text', ['assertQueue', 'one', { arguments: { 'x-message-ttl': '5' } }]],
  ['a queue without its dead-letter key', ['assertQueue', 'limited', without('x-dead-letter-routing-key')]],
  ['a queue without its overflow', ['assertQueue', 'limited', without('x-overflow')]],
  ['a binding of a missing queue', ['bindQueue', 'gone', 'direct', 'key']],
  ['a binding from a missing exchange', ['bindQueue', 'one', 'gone', 'key']],
  ['a binding from the default exchange', ['bindQueue', 'one', '', 'one']],
  ['a binding to a missing exchange', ['bindExchange', 'gone', 'direct', 'key']],
];

export const askingScenarios: readonly Scenario[] = [
  ...granted.map(
    ([name, asks]): Scenario => ({ name: `asked for ${name}`, confirm: true, asks, steps: [step('direct', 'key')] }),
  ),
  ...refused.map(
    ([name, ask]): Scenario => ({
      name: `closed by asking for ${name}`,
      confirm: true,
      asks: [ask],
      steps: [step('direct', 'key')],
    }),
  ),
  {
    name: 'closed by asking for a missing queue, with a message right behind',
    confirm: true,
    asks: [['checkQueue', 'gone']],
    asksAtOnce: true,
    steps: [step('direct', 'key', {}, 'lost')],
  },
  {
    name: 'closed by asking for a missing queue, without confirms',
    confirm: false,
    asks: [
      ['assertQueue', 'one'],
      ['checkQueue', 'gone'],
    ],
    steps: [step('direct', 'key')],
  },
];
