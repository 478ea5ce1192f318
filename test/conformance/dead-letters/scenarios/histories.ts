import type { Options } from 'amqplib';
import { binding, exchange, queue } from '../../defined.ts';
import { first, last, letter, table } from '../letters.ts';
import { dying, expire, graveyard, publish, publishTo, reject, type Scenario, soon, ttl } from '../scenario.ts';

const rejected = (name: string, options: Options.Publish, differs: Scenario['differs'] = []): Scenario => ({
  name,
  differs,
  ...graveyard,
  queues: [dying('work', 'dlx'), queue('dead')],
  steps: [publish('work', options), reject('work')],
});

const death = (queue: string, reason: string, count: number) => ({
  ...table(reason, queue, 'before', ['before'], count),
  time: { '!': 'timestamp', value: 1_700_000_000 },
});
const ownDeath = table('rejected', 'work', '', ['work']);
const withDeaths = (...deaths: unknown[]): Options.Publish => ({ headers: { 'x-death': deaths } });

/** What a message carries besides its body. */
const properties: readonly Scenario[] = [
  rejected('all properties stay with a letter (rule 4.6.7)', {
    contentType: 'text/plain',
    contentEncoding: 'utf-8',
    correlationId: 'c',
    replyTo: 'r',
    messageId: 'id',
    timestamp: 7,
    type: 't',
    appId: 'a',
    userId: 'guest',
    priority: 3,
    deliveryMode: 2,
  }),
  rejected('a transient message is a transient letter (rule 4.6.7)', { deliveryMode: 1 }),
  rejected('headers of all kinds stay with a letter (rule 4.6.7)', {
    headers: {
      text: 'shop',
      number: 7,
      large: 1_700_000_000_000,
      fraction: 1.5,
      yes: true,
      nothing: null,
      list: ['a', 1, { b: [2] }],
      table: { deep: { deeper: 'x' } },
      'x-own': 'y',
    },
  }),
];

/** What a client writes itself, or publishes again with the headers it got. */
const clientDeaths: readonly Scenario[] = [
  rejected('a client’s death of the same queue and reason (rule 4.6.12)', withDeaths(death('work', 'rejected', 5))),
  rejected('a client’s death of another queue (rule 4.6.12)', withDeaths(death('other', 'expired', 5))),
  rejected(
    'a client’s deaths of two queues (rule 4.6.12)',
    withDeaths(death('other', 'expired', 2), death('work', 'rejected', 5)),
  ),
  rejected('a client’s death without a count (rule 4.6.12)', {
    headers: { 'x-death': [{ ...death('work', 'rejected', 5), count: undefined }] },
  }),
  rejected('a client’s count of eight bytes (rule 4.6.12)', {
    headers: { 'x-death': [{ ...death('work', 'rejected', 5), count: { '!': 'long', value: 5 } }] },
  }),
  rejected('a client’s x-death that is text (rule 4.6.12)', { headers: { 'x-death': 'many' } }, [
    {
      before: '3.13',
      reason: 'They take it for a history, without its first death, and begin another one.',
      queues: { dead: [letter('dlx', 'work', { 'x-death': [ownDeath] })] },
    },
  ]),
  rejected('a client’s x-death that is empty (rule 4.6.12)', withDeaths()),
  rejected('a client’s first death (rules 4.6.11, 4.6.12)', { headers: first('expired', 'before', 'before') }),
  rejected('a client’s last death (rules 4.6.11, 4.6.12)', { headers: last('expired', 'before', 'before') }, [
    {
      before: '3.13',
      reason: 'The header means nothing to them, and stays.',
      queues: {
        dead: [
          letter('dlx', 'work', {
            'x-death': [ownDeath],
            ...first('rejected', 'work', ''),
            ...last('expired', 'before', 'before'),
          }),
        ],
      },
    },
  ]),
  rejected('a letter that is published again as it was (rules 4.6.11, 4.6.12)', {
    headers: {
      ...withDeaths(death('work', 'rejected', 1)).headers,
      ...first('rejected', 'work', 'before'),
    },
  }),
  {
    name: 'a client’s death closes a cycle where it is continued (rules 4.6.12, 4.6.14)',
    exchanges: [exchange('dlx', 'fanout')],
    queues: [dying('work', 'dlx', undefined, ttl(soon)), queue('dead'), queue('other')],
    bindings: [binding('dlx', 'dead'), binding('dlx', 'other')],
    steps: [publish('work', withDeaths(death('dead', 'expired', 1))), expire('work')],
  },
];

const hops: readonly Scenario[] = [
  {
    name: 'three hops for three reasons (rules 4.6.9, 4.6.11)',
    exchanges: [
      exchange('in', 'topic'),
      exchange('one', 'topic'),
      exchange('two', 'direct'),
      exchange('three', 'fanout'),
    ],
    queues: [
      dying('orders', 'one', 'orders.rejected'),
      dying('wait', 'two', undefined, ttl(soon)),
      dying('full', 'three', 'full', { 'x-max-length': 1 }),
      queue('dead'),
    ],
    bindings: [
      binding('in', 'orders', 'orders.#'),
      binding('one', 'wait', '*.rejected'),
      binding('two', 'full', 'orders.rejected'),
      binding('three', 'dead'),
    ],
    steps: [
      publishTo('in', 'orders.new.eu', { CC: ['copy'], BCC: ['hidden'], expiration: 600_000 }),
      reject('orders'),
      expire('wait'),
      publish('full', {}, 'n'),
    ],
  },
  {
    name: 'three hops by rejections, each with a key (rules 4.6.4, 4.6.11)',
    exchanges: ['one', 'two', 'three'].map((name) => exchange(name, 'direct')),
    queues: [dying('a', 'one', 'b'), dying('b', 'two', 'c'), dying('c', 'three', 'dead'), queue('dead')],
    bindings: [binding('one', 'b', 'b'), binding('two', 'c', 'c'), binding('three', 'dead', 'dead')],
    steps: [publish('a', { CC: ['copy'] }), reject('a'), reject('b'), reject('c')],
  },
  {
    name: 'two ways to one queue: each letter has its own deaths (rule 4.6.9)',
    exchanges: [exchange('in', 'fanout'), ...graveyard.exchanges],
    queues: [dying('left', 'dlx', 'left'), dying('right', 'dlx', 'right'), queue('dead')],
    bindings: [binding('in', 'left'), binding('in', 'right'), ...graveyard.bindings],
    steps: [publishTo('in', 'key'), reject('left'), reject('right')],
  },
];

export const historyScenarios: readonly Scenario[] = [...properties, ...clientDeaths, ...hops];
