import { binding, exchange, policy, queue } from '../../defined.ts';
import { first, letter, table } from '../letters.ts';
import {
  ack,
  dying,
  expire,
  graveyard,
  late,
  publish,
  publishTo,
  quorum,
  reject,
  type Scenario,
  type Step,
  soon,
  ttl,
} from '../scenario.ts';

const expired = (name: string, args: object, steps: readonly Step[]): Scenario => ({
  name,
  ...graveyard,
  queues: [dying('work', 'dlx', undefined, args), queue('dead')],
  steps,
});
const once = (options: object = {}): Step[] => [publish('work', options), expire('work')];

export const expiryScenarios: readonly Scenario[] = [
  expired('the TTL of the queue ends (rules 4.6.1, 4.6.9)', ttl(soon), once()),
  expired(
    'the expiration of the message ends, and is kept with its death (rules 4.6.7, 4.6.9)',
    {},
    once({ expiration: soon }),
  ),
  expired('the TTL of the queue is less than the expiration (rule 4.7.1)', ttl(soon), once({ expiration: late })),
  expired('the expiration is less than the TTL of the queue (rule 4.7.1)', ttl(late), once({ expiration: soon })),
  expired('the TTL of the queue is 0 (rule 4.7.6)', ttl(0), once()),
  expired('the expiration is 0 (rule 4.7.6)', {}, once({ expiration: '0' })),
  expired('the TTL of a quorum queue ends', { ...ttl(soon), ...quorum }, once()),
  expired('an expiration ends in a quorum queue', quorum, once({ expiration: soon })),
  expired('an expiration of 0 ends in a quorum queue (rule 4.7.6)', quorum, once({ expiration: '0' })),
  expired('an expiration that is not over is taken off a rejected message (rule 4.6.7)', {}, [
    publish('work', { expiration: late }),
    reject('work'),
  ]),
  {
    ...expired(
      'an expiration with zeros in front is kept as a number (rule 4.6.9)',
      {},
      once({ expiration: `00${soon}` }),
    ),
    differs: [
      {
        before: '3.13',
        reason: 'They keep the text.',
        queues: {
          dead: [
            letter('dlx', 'work', {
              'x-death': [{ ...table('expired', 'work', '', ['work']), 'original-expiration': `00${soon}` }],
              ...first('expired', 'work', ''),
            }),
          ],
        },
      },
    ],
  },
  expired('two messages expire in their order', ttl(soon), [publish('work'), publish('work', {}, 'n'), expire('work')]),
  {
    name: 'without a dead-letter exchange an expired message is gone (rule 4.6.2)',
    queues: [queue('work', ttl(soon)), queue('dead')],
    steps: once(),
  },
  {
    name: 'the lesser TTL of argument and policy holds (rule 4.7.1)',
    ...graveyard,
    queues: [dying('work', 'dlx', undefined, ttl(late)), queue('dead')],
    policies: [policy('^work$', { 'message-ttl': soon })],
    steps: once(),
  },
  {
    name: 'each copy expires by itself (rule 4.7.4)',
    exchanges: [exchange('in', 'fanout'), ...graveyard.exchanges],
    queues: [dying('first', 'dlx', 'a', ttl(soon)), dying('second', 'dlx', 'b', ttl(4 * soon)), queue('dead')],
    bindings: [binding('in', 'first'), binding('in', 'second'), ...graveyard.bindings],
    steps: [publishTo('in', 'key'), expire('first'), expire('second')],
  },
  {
    name: 'a letter does not expire again by the expiration it had (rule 4.6.7)',
    ...graveyard,
    queues: [dying('work', 'dlx'), dying('dead', 'next'), queue('deeper')],
    exchanges: [...graveyard.exchanges, exchange('next', 'fanout')],
    bindings: [...graveyard.bindings, binding('next', 'deeper')],
    steps: [publish('work', { expiration: soon }), expire('work'), reject('dead')],
  },
  {
    name: 'a letter expires by the TTL of the queue it comes to (rule 4.7.4)',
    exchanges: [...graveyard.exchanges, exchange('next', 'fanout')],
    queues: [dying('work', 'dlx', undefined, ttl(soon)), dying('dead', 'next', 'late', ttl(soon)), queue('deeper')],
    bindings: [...graveyard.bindings, binding('next', 'deeper')],
    steps: [publish('work', { expiration: late }), expire('work'), expire('dead')],
  },
  {
    name: 'three queues in a row expire (rules 4.6.9, 4.6.11)',
    exchanges: ['one', 'two', 'three'].map((name) => exchange(name, 'fanout')),
    queues: [
      dying('first', 'one', undefined, ttl(soon)),
      dying('second', 'two', 'key', ttl(0)),
      dying('third', 'three', undefined, ttl(soon)),
      queue('dead'),
    ],
    bindings: [binding('one', 'second'), binding('two', 'third'), binding('three', 'dead')],
    steps: [publish('first', { CC: ['copy'] }), expire('first'), expire('second'), expire('third')],
  },
  {
    name: 'a letter expires into a queue with a single active consumer',
    ...graveyard,
    queues: [dying('work', 'dlx', undefined, ttl(soon)), queue('dead', { 'x-single-active-consumer': true })],
    steps: [publish('work', {}, 'm'), publish('work', {}, 'n'), expire('work'), ack('dead')],
  },
];
