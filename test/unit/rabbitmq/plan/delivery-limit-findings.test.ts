import { found } from '../findings-in.ts';

const quorum = (name: string, table: object = {}) => ({ name, arguments: { 'x-queue-type': 'quorum', ...table } });
const dlx = { exchanges: [{ name: 'dlx', type: 'fanout' }] };

describe('queues without a delivery limit', () => {
  it('are named in one finding, with the receives they get: classic ones, and those that say -1 (rule 4.8.7)', () => {
    const queues = [
      quorum('limited', { 'x-delivery-limit': 4 }),
      { name: 'classic' },
      quorum('unlimited', { 'x-delivery-limit': -1 }),
      ...['a', 'b', 'c'].map((name) => ({ name })),
    ];

    expect(found('unlimited-redelivery', { queues }, { unlimitedMaxReceiveCount: 7 })).toMatchObject([
      {
        class: 'compatible',
        path: 'queues[1]',
        message: expect.stringMatching(/'classic', 'unlimited', 'a' and 2 more no delivery limit .* 7 times/),
      },
    ]);
  });

  it('are not the delays, which nothing receives, and name their vhost', () => {
    const wait = { name: 'wait', vhost: 'shop', arguments: { 'x-message-ttl': 5, 'x-dead-letter-exchange': '' } };
    const findings = found('unlimited-redelivery', { queues: [wait, { name: 'q', vhost: 'shop' }] });

    expect(findings).toMatchObject([{ message: expect.stringContaining("gives 'q' in vhost 'shop' no") }]);
  });

  it('are not a word where all have one', () => {
    expect(found('unlimited-redelivery', { queues: [quorum('q')] })).toEqual([]);
  });
});

describe('queues with a delivery limit and a dead-letter exchange', () => {
  it('are named in one finding: only Warren’s consumers dead-letter what is over the limit (rule 4.8.6)', () => {
    const queues = [quorum('plain'), ...['a', 'b'].map((name) => quorum(name, { 'x-dead-letter-exchange': 'dlx' }))];

    expect(found('limit-not-dead-lettered', { ...dlx, queues })).toMatchObject([
      { class: 'compatible', path: 'queues[1]', message: expect.stringContaining("limit of 'a', 'b'; what any other") },
    ]);
  });
});

describe('queues whose consumers count failures', () => {
  const countedBy = () => ({});

  it('dead-letter by themselves, up to any limit: nothing is said of them', () => {
    const queues = [quorum('q', { 'x-dead-letter-exchange': 'dlx', 'x-delivery-limit': 0 })];

    expect(found('limit-not-dead-lettered', { ...dlx, queues }, { countedBy })).toEqual([]);
    expect(found('delivery-limit-changed', { ...dlx, queues }, { countedBy })).toEqual([]);
  });
});

describe('a delivery limit that SQS cannot count to', () => {
  it('is found where it is said: in the argument, or at the queue when a policy says it', () => {
    const queues = [quorum('q', { 'x-delivery-limit': 0 }), quorum('p')];
    const policies = [{ name: 'p', vhost: '/', pattern: '^p$', definition: { 'delivery-limit': 5000 } }];

    expect(found('delivery-limit-changed', { queues, policies })).toMatchObject([
      { class: 'warning', path: 'queues[0].arguments.x-delivery-limit' },
      { class: 'warning', path: 'queues[1]' },
    ]);
  });
});
