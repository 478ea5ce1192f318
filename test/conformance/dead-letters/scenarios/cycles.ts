import { binding, exchange, queue } from '../../defined.ts';
import { first, letter, table } from '../letters.ts';
import {
  ack,
  countGoesAlong,
  dying,
  expire,
  limit,
  nack,
  publish,
  reject,
  requeue,
  type Scenario,
  type Step,
  soon,
  ttl,
} from '../scenario.ts';

const briefly = ttl(soon);
/** Delivered once, then over its limit. */
const once = limit(0);

/** A queue that dies into itself. */
const alone = (name: string, args: object, steps: readonly Step[]): Scenario => ({
  name,
  queues: [dying('work', '', undefined, args)],
  steps: [publish('work'), ...steps],
});

/** Each queue dies into the next, the last into the first. */
const round = (name: string, queues: readonly ReturnType<typeof queue>[], steps: readonly Step[]): Scenario => ({
  name,
  exchanges: queues.map((one) => exchange(`after-${one.name}`, 'fanout')),
  queues,
  bindings: queues.map((one, at) => binding(`after-${one.name}`, queues[(at + 1) % queues.length]?.name ?? '')),
  steps: [publish(queues[0]?.name ?? ''), ...steps],
});
const stop = (name: string, args: object = {}) => dying(name, `after-${name}`, undefined, args);

const otherOrder =
  'The order of three deaths is not theirs any more, so they take a rejection for older than it is, or for younger (rule 4.6.13).';

/** RabbitMQ drops the letter where a cycle would close by itself. */
const cut: readonly Scenario[] = [
  alone('a queue dies into itself by its TTL (rules 4.6.14, 4.6.16)', briefly, [expire('work')]),
  alone('a queue dies into itself by its length (rules 4.6.14, 4.6.16)', { 'x-max-length': 1 }, [
    publish('work', {}, 'n'),
  ]),
  alone('a queue dies into itself by its delivery limit (rule 4.6.14)', limit(1), requeue('reject', 'work', 2)),
  alone('rejected into itself, then over its limit (rule 4.6.14)', once, [
    reject('work'),
    ...requeue('reject', 'work', 1),
  ]),
  round(
    'two queues die into each other by TTL (rule 4.6.14)',
    [stop('a', briefly), stop('b', briefly)],
    [expire('a'), expire('b')],
  ),
  round(
    'three queues die round by TTL (rule 4.6.14)',
    ['a', 'b', 'c'].map((name) => stop(name, briefly)),
    ['a', 'b', 'c'].map(expire),
  ),
  round(
    'over the limit here, expired there (rule 4.6.14)',
    [stop('work', once), stop('retry', briefly)],
    [...requeue('reject', 'work', 1), expire('retry')],
  ),
  {
    name: 'a rejection before the cycle does not keep it alive (rule 4.6.14)',
    exchanges: ['one', 'two', 'three'].map((name) => exchange(name, 'fanout')),
    queues: [dying('work', 'one'), dying('a', 'two', undefined, once), dying('b', 'three', undefined, once)],
    bindings: [binding('one', 'a'), binding('two', 'b'), binding('three', 'a')],
    steps: [publish('work'), reject('work'), ...requeue('reject', 'a', 1), ...requeue('reject', 'b', 1)],
    differs: [
      {
        before: '3.13',
        reason: otherOrder,
        queues: {
          a: [
            letter('three', 'work', {
              'x-death': [
                table('delivery_limit', 'b', 'two', ['work']),
                table('rejected', 'work', '', ['work']),
                table('delivery_limit', 'a', 'one', ['work']),
              ],
              ...first('rejected', 'work', ''),
            }),
          ],
        },
      },
    ],
  },
  ...[
    {
      ...round(
        'nacked, back after a while, and over the limit (rule 4.6.14)',
        [stop('work', limit(1)), stop('retry', briefly)],
        [nack('work'), expire('retry'), ...requeue('reject', 'work', 2)],
      ),
    },
    {
      ...round(
        'rejected, back after a while, and over the limit (rule 4.6.14)',
        [stop('work', limit(1)), stop('retry', briefly)],
        [reject('work'), expire('retry'), ...requeue('reject', 'work', 2)],
      ),
      differs: [{ from: '4.3', reason: countGoesAlong, idle: ['reject and requeue 4'] }],
    },
  ].map(
    (scenario): Scenario => ({
      ...scenario,
      differs: [
        ...(scenario.differs ?? []),
        {
          before: '3.13',
          reason: otherOrder,
          queues: {
            work: [
              letter('after-retry', 'work', {
                'x-death': [
                  table('expired', 'retry', 'after-work', ['work'], 2),
                  table('rejected', 'work', '', ['work']),
                  table('delivery_limit', 'work', 'after-retry', ['work']),
                ],
                ...first('rejected', 'work', ''),
              }),
            ],
          },
        },
      ],
    }),
  ),
];

const kept: readonly Scenario[] = [
  alone('a queue dies into itself by a rejection (rules 4.6.15, 4.6.16)', {}, [reject('work')]),
  alone('a queue dies into itself by three rejections (rules 4.6.10, 4.6.15)', {}, [
    reject('work'),
    reject('work'),
    reject('work'),
  ]),
  round(
    'expired here, rejected there, twice round (rules 4.6.10, 4.6.15)',
    [stop('a', briefly), stop('b')],
    [expire('a'), reject('b'), expire('a'), reject('b'), expire('a')],
  ),
  {
    ...round(
      'rejected, and back after a while, three times: each death counts and moves to the front (rules 4.6.10, 4.6.15)',
      [stop('work'), stop('retry', briefly)],
      [],
    ),
    steps: [
      publish('work', { CC: ['copy'], expiration: 600_000 }),
      ...[1, 2, 3].flatMap(() => [reject('work'), expire('retry')]),
    ],
  },
  round(
    'rejected, back after a while, and acked',
    [stop('work'), stop('retry', briefly)],
    [reject('work'), expire('retry'), ack('work')],
  ),
  {
    name: 'a queue left out of a cycle leaves the others their letters (rule 4.6.14)',
    exchanges: [exchange('dlx', 'fanout')],
    queues: [dying('work', 'dlx', undefined, briefly), queue('dead')],
    bindings: [binding('dlx', 'work'), binding('dlx', 'dead')],
    steps: [publish('work'), expire('work')],
  },
  {
    name: 'a rejection on the way keeps a longer cycle alive (rule 4.6.15)',
    exchanges: ['one', 'two', 'three'].map((name) => exchange(name, 'fanout')),
    queues: [dying('a', 'one', undefined, briefly), dying('work', 'two'), dying('b', 'three', undefined, briefly)],
    bindings: [binding('one', 'work'), binding('two', 'b'), binding('three', 'a')],
    steps: [publish('a'), expire('a'), reject('work'), expire('b'), expire('a')],
    differs: [{ before: '3.13', reason: otherOrder, queues: { work: [] } }],
  },
  round(
    'one queue for two reasons has two tables (rules 4.6.9, 4.6.10, 4.6.15)',
    [stop('a', once), stop('b')],
    [...requeue('reject', 'a', 1), reject('b'), reject('a'), reject('b'), ...requeue('reject', 'a', 1)],
  ),
];

export const cycleScenarios: readonly Scenario[] = [...cut.map((one) => ({ ...one, kept: ['m'] })), ...kept];
