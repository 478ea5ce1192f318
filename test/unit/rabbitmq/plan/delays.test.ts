import { analyse } from '../../../../rabbitmq/analyse.ts';
import { delayLines } from '../../../../rabbitmq/plan/delays.ts';
import { found } from '../findings-in.ts';

const bind = (source: string, destination: string, key = '') => {
  return { source, destination, vhost: '/', destination_type: 'queue', routing_key: key };
};
const policy = (name: string, definition: object) => ({ name, vhost: '/', pattern: '^shop\\.', definition });
const waits = { 'x-message-ttl': 30_000, 'x-dead-letter-exchange': 'again' };

/** A retry by a delay queue, as most write it: work dead-letters to the delay, and the delay to work. */
const retry = {
  vhosts: [{ name: '/' }],
  exchanges: ['orders', 'retry', 'again', 'dlx'].map((name) => ({ name, vhost: '/', type: 'fanout' })),
  queues: [
    { name: 'work', vhost: '/', arguments: { 'x-dead-letter-exchange': 'retry' } },
    { name: 'wait', vhost: '/', arguments: waits },
    { name: 'parking', vhost: '/' },
  ],
  bindings: [bind('orders', 'work'), bind('retry', 'wait'), bind('again', 'work'), bind('dlx', 'parking')],
};

function doubtsOf(queue: object, more: object = {}): readonly string[] | undefined {
  const document = { ...retry, ...more, queues: [...retry.queues, { vhost: '/', ...queue }] };
  return analyse(JSON.stringify(document)).delays.at(-1)?.doubts;
}

describe('a queue that is taken for a delay', () => {
  it('is beyond doubt when it says TTL and dead-letter exchange itself, and what it holds goes back to work', () => {
    expect(analyse(JSON.stringify(retry)).delays).toMatchObject([{ queue: { name: 'wait' }, doubts: [] }]);
    expect(found('delay-queue', retry)).toMatchObject([
      {
        class: 'warning',
        message: expect.not.stringContaining('may be no delay'),
        fix: expect.stringMatching(/^none; if/),
      },
    ]);
  });

  it.each<[string, object, object, string[]]>([
    [
      'a policy gives it its dead-letter exchange',
      { name: 'shop.mail.vip', arguments: { 'x-message-ttl': 30_000 } },
      { policies: [policy('shop', { 'dead-letter-exchange': 'again' })] },
      ["its dead-letter exchange comes from the policy 'shop'"],
    ],
    [
      'an operator policy makes its TTL',
      { name: 'shop.mail.vip', arguments: { 'x-dead-letter-exchange': 'again', 'x-message-ttl': 60_000 } },
      {
        parameters: [
          {
            component: 'operator_policy',
            name: 'least',
            vhost: '/',
            value: { pattern: '^shop', 'apply-to': 'queues', definition: { 'message-ttl': 1_000 } },
          },
        ],
      },
      ["its TTL comes from the operator policy 'least'"],
    ],
    [
      'its TTL is over 15 minutes',
      { name: 'q', arguments: { ...waits, 'x-message-ttl': 900_001 } },
      {},
      ['its TTL is longer than 15 minutes'],
    ],
    ['its TTL is 15 minutes', { name: 'q', arguments: { ...waits, 'x-message-ttl': 900_000 } }, {}, []],
    [
      'its letters are parked',
      { name: 'q', arguments: { ...waits, 'x-dead-letter-exchange': 'dlx' } },
      {},
      ["its dead letters end in 'parking', where only dead letters come and nothing leads on"],
    ],
    [
      'its letters go where other messages come',
      { name: 'q', arguments: { ...waits, 'x-dead-letter-exchange': 'dlx' } },
      { bindings: [...retry.bindings, bind('orders', 'parking')] },
      [],
    ],
    [
      'its letters go to a queue by the default exchange',
      { name: 'q', arguments: { ...waits, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'parking' } },
      {},
      [],
    ],
  ])('is doubtful, or not, when %s', (_, queue, more, doubts) => {
    expect(doubtsOf(queue, more)).toEqual(doubts);
  });

  it('stays a delay whatever speaks against it: the doubt is only said', () => {
    const document = {
      ...retry,
      queues: [{ name: 'q', vhost: '/', arguments: { ...waits, 'x-message-ttl': 900_001 } }],
    };

    expect(analyse(JSON.stringify({ ...document, bindings: [] })).plan.delayQueues).toHaveLength(1);
    expect(found('delay-queue', { ...document, bindings: [] })).toMatchObject([
      {
        class: 'warning',
        message: expect.stringContaining('It may be no delay: its TTL is longer than 15 minutes.'),
        fix: expect.stringContaining('-c consumed=%2F/q, or consumedElsewhere in lib/consumers.ts'),
      },
    ]);
  });
});

describe('the delays of a file, in a few lines', () => {
  const delay = (name: string, ...doubts: string[]) => {
    return { queue: { vhost: '/', name, type: 'classic', delayQueue: true } as const, doubts };
  };
  const how = ({ name }: { name: string }) => `--consumed ${name}`;

  it('are named, the doubtful ones first and why', () => {
    expect(delayLines([delay('wait'), delay('mail', 'it is odd', 'it is long')], how)).toEqual([
      "2 queues are delays, no SQS queue: 'mail', 'wait'. If something consumes one, say so: --consumed mail.",
      "'mail' may be no delay: it is odd; it is long.",
    ]);
    expect(delayLines([delay('wait')], how)).toEqual([
      "1 queue is a delay, no SQS queue: 'wait'. If something consumes it, say so: --consumed wait.",
    ]);
    expect(delayLines([], how)).toEqual([]);
  });

  it('are counted from the eleventh on', () => {
    const lines = delayLines(
      Array.from({ length: 12 }, (_, at) => delay(`q${at}`, 'it is odd')),
      how,
    );

    expect(lines[0]).toContain("'q9' and 2 more. If");
    expect(lines).toHaveLength(12);
    expect(lines.at(-1)).toBe('So may 2 more.');
  });
});
