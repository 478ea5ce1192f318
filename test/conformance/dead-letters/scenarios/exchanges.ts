import { binding, exchange, policy, queue } from '../../defined.ts';
import { dying, expire, publish, publishTo, quorum, reject, type Scenario, soon } from '../scenario.ts';

const names = ['dead', 'other'];
const toExchange = { destination_type: 'exchange' };

/** `work` dies into `dlx`, or whatever is named; its one message is rejected. */
const through = (
  name: string,
  parts: Omit<Scenario, 'name' | 'queues' | 'steps'>,
  dlx = 'dlx',
  key?: string,
): Scenario => ({
  name,
  queues: [dying('work', dlx, key), ...names.map((one) => queue(one))],
  steps: [publish('work', { headers: { tenant: 'shop' } }), reject('work')],
  ...parts,
});
const byHeaders = (destination: string, args: object) => binding('dlx', destination, '', { arguments: args });

export const exchangeScenarios: readonly Scenario[] = [
  through('a fanout gives every queue a letter (rule 4.6.8)', {
    exchanges: [exchange('dlx', 'fanout')],
    bindings: names.map((one) => binding('dlx', one)),
  }),
  through(
    'a topic exchange routes by the key of the letter (rule 4.6.8)',
    {
      exchanges: [exchange('dlx', 'topic')],
      bindings: [binding('dlx', 'dead', 'dead.#'), binding('dlx', 'other', '*.*')],
    },
    'dlx',
    'dead.orders.late',
  ),
  through('a headers exchange routes by the reason (rules 4.6.8, 4.6.11)', {
    exchanges: [exchange('dlx', 'headers')],
    bindings: [
      byHeaders('dead', { 'x-match': 'all-with-x', 'x-first-death-reason': 'rejected', tenant: 'shop' }),
      byHeaders('other', { 'x-match': 'all-with-x', 'x-first-death-reason': 'expired' }),
    ],
  }),
  through('a headers exchange routes by the queue and exchange of the first death (rules 4.6.8, 4.6.11)', {
    exchanges: [exchange('dlx', 'headers')],
    bindings: [
      byHeaders('dead', { 'x-match': 'any-with-x', 'x-first-death-queue': 'work' }),
      byHeaders('other', { 'x-match': 'any-with-x', 'x-first-death-exchange': 'dlx' }),
    ],
  }),
  through('a headers exchange that ignores what starts with x- (rule 4.6.8)', {
    exchanges: [exchange('dlx', 'headers')],
    bindings: [
      byHeaders('dead', { 'x-match': 'all', tenant: 'shop', 'x-first-death-reason': 'expired' }),
      byHeaders('other', { 'x-match': 'any', 'x-first-death-reason': 'rejected' }),
    ],
  }),
  through('what the exchange cannot route goes to its alternate exchange (rule 4.6.8)', {
    exchanges: [exchange('dlx', 'direct', { arguments: { 'alternate-exchange': 'rest' } }), exchange('rest', 'fanout')],
    bindings: [binding('dlx', 'other', 'none'), binding('rest', 'dead')],
  }),
  through('a letter goes on to a bound exchange (rule 4.6.8)', {
    exchanges: [exchange('dlx', 'topic'), exchange('behind', 'direct')],
    bindings: [
      binding('dlx', 'behind', '#', toExchange),
      binding('behind', 'dead', 'work'),
      binding('behind', 'other', 'none'),
    ],
  }),
  through('a queue that is bound twice gets one letter (rule 4.6.8)', {
    exchanges: [exchange('dlx', 'topic')],
    bindings: [binding('dlx', 'dead', '#'), binding('dlx', 'dead', 'work')],
  }),
  through('an internal exchange takes letters (rule 4.6.8)', {
    exchanges: [exchange('dlx', 'fanout', { internal: true })],
    bindings: [binding('dlx', 'dead')],
  }),
  through(
    'a predeclared exchange takes letters (rule 4.6.8)',
    { bindings: [binding('amq.fanout', 'dead')] },
    'amq.fanout',
  ),
  through('the exchange is missing: the letter is dropped (rule 4.6.6)', { kept: ['m'] }, 'gone'),
  through('nothing is bound: the letter is dropped (rule 4.6.6)', {
    exchanges: [exchange('dlx', 'fanout')],
    kept: ['m'],
  }),
  through('no key matches: the letter is dropped (rule 4.6.6)', {
    exchanges: [exchange('dlx', 'direct')],
    bindings: [binding('dlx', 'dead', 'none')],
    kept: ['m'],
  }),
  {
    name: 'without a dead-letter exchange a rejected message is dropped (rule 4.6.2)',
    queues: [queue('work')],
    steps: [publish('work'), reject('work')],
    kept: ['m'],
  },
  through('the default exchange takes a letter to the queue of its key (rule 4.6.3)', {}, '', 'dead'),
  {
    ...through('the default exchange routes a letter by the keys of the message (rule 4.6.3)', {}, ''),
    exchanges: [exchange('in', 'direct')],
    bindings: [binding('in', 'work', 'dead')],
    steps: [publishTo('in', 'dead', { CC: ['other'] }), reject('work')],
  },
  {
    ...through('the exchange of the argument holds, not that of the policy (rule 4.6.2)', {}),
    exchanges: [exchange('dlx', 'fanout'), exchange('by-policy', 'fanout')],
    bindings: [binding('dlx', 'dead'), binding('by-policy', 'other')],
    policies: [policy('^work$', { 'dead-letter-exchange': 'by-policy', 'dead-letter-routing-key': 'late' })],
  },
  {
    name: 'exchange and key of a policy (rules 4.6.2, 4.6.3)',
    exchanges: [exchange('dlx', 'direct')],
    queues: [queue('work'), queue('dead')],
    bindings: [binding('dlx', 'dead', 'late')],
    policies: [policy('^wo', { 'dead-letter-exchange': 'dlx', 'dead-letter-routing-key': 'late' })],
    steps: [publish('work'), reject('work')],
  },
  {
    name: 'of two policies the one with the higher priority (rules 4.6.2, 4.9.1)',
    exchanges: [exchange('dlx', 'fanout'), exchange('by-other', 'fanout')],
    queues: [queue('work'), ...names.map((one) => queue(one))],
    bindings: [binding('dlx', 'dead'), binding('by-other', 'other')],
    policies: [
      policy('^work$', { 'dead-letter-exchange': 'dlx' }, { priority: 2 }),
      policy('work', { 'dead-letter-exchange': 'by-other', 'dead-letter-routing-key': 'late' }, { priority: 1 }),
    ],
    steps: [publish('work'), reject('work')],
  },
  {
    name: 'a quorum queue rejects at most once (rule 4.6.1)',
    exchanges: [exchange('dlx', 'fanout')],
    queues: [dying('work', 'dlx', 'late', quorum), queue('dead', quorum)],
    bindings: [binding('dlx', 'dead')],
    steps: [publish('work', { CC: ['copy'], BCC: ['hidden'] }), reject('work')],
  },
  {
    name: 'a quorum queue rejects at least once (rule 4.6.6)',
    exchanges: [exchange('dlx', 'fanout')],
    queues: [
      dying('work', 'dlx', undefined, {
        ...quorum,
        'x-overflow': 'reject-publish',
        'x-dead-letter-strategy': 'at-least-once',
      }),
      queue('dead', quorum),
    ],
    bindings: [binding('dlx', 'dead')],
    steps: [publish('work', { CC: ['copy'], BCC: ['hidden'] }), reject('work')],
  },
  {
    name: 'a headers exchange tells what expired from what was rejected (rules 4.6.8, 4.6.11)',
    exchanges: [exchange('dlx', 'headers')],
    queues: [dying('work', 'dlx'), ...names.map((one) => queue(one))],
    bindings: [
      byHeaders('dead', { 'x-match': 'all-with-x', 'x-first-death-reason': 'rejected' }),
      byHeaders('other', { 'x-match': 'all-with-x', 'x-first-death-reason': 'expired' }),
    ],
    steps: [publish('work', { expiration: soon }), expire('work'), publish('work', {}, 'n'), reject('work')],
  },
];
