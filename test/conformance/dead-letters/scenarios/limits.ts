import { binding, exchange, policy, queue } from '../../defined.ts';
import {
  ack,
  countGoesAlong,
  crash,
  dying,
  graveyard,
  limit,
  nack,
  publish,
  publishTo,
  quorum,
  reject,
  requeue,
  type Scenario,
  type Step,
} from '../scenario.ts';

const limited = (name: string, args: object, steps: readonly Step[], key?: string): Scenario => ({
  name,
  ...graveyard,
  queues: [dying('work', 'dlx', key, args), queue('dead')],
  steps: [publish('work', { CC: ['copy'] }), ...steps],
});

const long = (length: number, overflow?: string) => ({
  'x-max-length': length,
  ...(overflow !== undefined && { 'x-overflow': overflow }),
});

const full = (name: string, args: object, labels: readonly string[]): Scenario => ({
  name,
  ...graveyard,
  queues: [dying('work', 'dlx', undefined, args), queue('dead')],
  steps: labels.map((label) => publish('work', {}, label)),
});

/** Of deliveries. */
const deliveryLimits: readonly Scenario[] = [
  ...[0, 1, 2].flatMap((most): Scenario[] => [
    limited(
      `a limit of ${most}: dead after ${most + 1} rejects with requeue (rules 4.8.3, 4.8.6)`,
      limit(most),
      requeue('reject', 'work', most + 1),
    ),
    limited(
      `a limit of ${most}: ${most + 1} nacks with requeue (rules 4.8.4, 4.8.5)`,
      limit(most),
      requeue('nack', 'work', most + 1),
    ),
  ]),
  limited('a limit of 2, two rejects with requeue: still there (rule 4.8.6)', limit(2), requeue('reject', 'work', 2)),
  limited('a limit of 2: nacks and rejects with requeue count together before 4.3 (rules 4.8.3 to 4.8.5)', limit(2), [
    ...requeue('nack', 'work', 1),
    ...requeue('reject', 'work', 2),
  ]),
  limited('a limit of 1: dead after two consumers crashed (rules 4.8.3, 4.8.6)', limit(1), [
    crash('work'),
    crash('work'),
  ]),
  limited('a limit of 1: dead after a reject with requeue and a crash (rule 4.8.3)', limit(1), [
    ...requeue('reject', 'work', 1),
    crash('work'),
  ]),
  limited('a limit of 2: rejected before it is over', limit(2), [...requeue('reject', 'work', 2), reject('work')]),
  limited('a limit of 2: nacked before it is over', limit(2), [...requeue('reject', 'work', 2), nack('work')]),
  limited('a limit of 2: acked before it is over', limit(2), [...requeue('reject', 'work', 2), ack('work')]),
  limited('a limit of -1, given back once (rule 4.8.7)', limit(-1), requeue('reject', 'work', 1)),
  limited('no limit is named: 21 rejects with requeue (rule 4.8.7)', quorum, requeue('reject', 'work', 21)),
  limited('a classic queue has no limit (rule 4.8.7)', {}, [...requeue('reject', 'work', 25), reject('work')]),
  limited(
    'a letter over its limit has the key of its queue (rule 4.6.4)',
    limit(0),
    requeue('reject', 'work', 1),
    'own',
  ),
  {
    ...limited('a limit by policy (rule 4.8.8)', quorum, requeue('reject', 'work', 2)),
    policies: [policy('^work$', { 'delivery-limit': 1 })],
  },
  {
    name: 'over the limit of two queues, one after the other (rules 4.6.9, 4.8.6)',
    exchanges: [exchange('dlx', 'fanout'), exchange('next', 'fanout')],
    queues: [dying('work', 'dlx', undefined, limit(1)), dying('again', 'next', undefined, limit(1)), queue('dead')],
    bindings: [binding('dlx', 'again'), binding('next', 'dead')],
    steps: [publish('work'), ...requeue('reject', 'work', 2), ...requeue('reject', 'again', 2)],
    differs: [{ from: '4.3', reason: countGoesAlong, idle: ['reject and requeue 4'] }],
  },
  {
    name: 'over the limit without a dead-letter exchange it is gone (rule 4.6.2)',
    queues: [queue('work', limit(0))],
    steps: [publish('work'), ...requeue('reject', 'work', 1)],
    kept: ['m'],
  },
];

/** Of the queue. */
const lengthLimits: readonly Scenario[] = [
  full('a length of 1: the older message dies (rules 4.6.1, 4.6.9)', long(1), ['m', 'n']),
  full('a length of 2: the two oldest die, in their order', long(2), ['m', 'n', 'o', 'p']),
  full('a length of 0: every message dies', long(0), ['m', 'n']),
  full('a length of 1 of a quorum queue: the older message dies', { ...long(1), ...quorum }, ['m', 'n']),
  full('a length of 1, reject-publish: the newer message is refused and leaves no letter', long(1, 'reject-publish'), [
    'm',
    'n',
  ]),
  full('a length of 1, reject-publish-dlx: the newer message dies (rule 4.6.1)', long(1, 'reject-publish-dlx'), [
    'm',
    'n',
  ]),
  {
    ...full('a length by policy', {}, ['m', 'n']),
    policies: [policy('^work$', { 'max-length': 1 })],
  },
  {
    name: 'a letter makes the oldest of a full queue die (rule 4.6.11)',
    exchanges: [exchange('dlx', 'fanout'), exchange('next', 'fanout')],
    queues: [dying('work', 'dlx'), dying('again', 'next', undefined, long(1)), queue('dead')],
    bindings: [binding('dlx', 'again'), binding('next', 'dead')],
    steps: [publish('work'), publish('work', {}, 'n'), reject('work'), reject('work')],
  },
  {
    name: 'a message with CC and BCC dies of the length (rule 4.6.3)',
    exchanges: [exchange('dlx', 'direct')],
    queues: [dying('work', 'dlx', undefined, long(1)), queue('dead')],
    bindings: [binding('dlx', 'dead', 'bcc')],
    steps: [publishTo('', 'work', { CC: ['cc'], BCC: ['bcc'] }), publish('work', {}, 'n')],
  },
];

export const limitScenarios: readonly Scenario[] = [...deliveryLimits, ...lengthLimits];
