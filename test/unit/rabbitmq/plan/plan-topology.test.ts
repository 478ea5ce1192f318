import { planTopology } from '../../../../rabbitmq/plan/plan-topology.ts';
import type { Queue } from '../../../../rabbitmq/topology.ts';
import { queue, topology } from '../topology-builders.ts';

const options = { namePrefix: 'warren-dev', unlimitedMaxReceiveCount: 100 };
const planOf = (...queues: Queue[]) => planTopology(topology({ queues }), options);

describe('the plan of the queues', () => {
  it('is one SQS queue and one dead-letter queue for each RabbitMQ queue, in their order', () => {
    const [orders, ledger] = [queue('orders'), queue('ledger', { vhost: 'shop' })];

    const { queues } = planOf(orders, ledger);

    expect(queues).toMatchObject([
      { queue: orders, sqsName: 'warren-dev-orders', deadLetterSqsName: 'warren-dev-orders-dlq', type: 'standard' },
      { queue: ledger, sqsName: expect.stringMatching(/^warren-dev-shop-ledger-/) },
    ]);
    expect(queues[1]?.deadLetterSqsName).toBe(`${queues[1]?.sqsName}-dlq`);
  });

  it.each([
    ['a delivery limit of N is N + 1 receives (rules 4.8.5, 4.8.6)', queue('q', { deliveryLimit: 4 }), 5],
    ['a queue without a limit gets ours (rule 4.8.7)', queue('q', { type: 'classic' }), 100],
    ['never below 2, which one throttled receive would end', queue('q', { deliveryLimit: 0 }), 2],
    ['never above SQS’s 1000', queue('q', { deliveryLimit: 5000 }), 1000],
  ])('counts receives: %s', (_, one, maxReceiveCount) => {
    expect(planOf(one).queues).toMatchObject([{ maxReceiveCount }]);
  });

  it('gives twice the receives where a consumer counts failures: by its own limit, the queue’s, or the stage’s', () => {
    const limits = (one: Queue, deliveryLimit?: number) =>
      planTopology(topology({ queues: [one] }), { ...options, countedBy: () => ({ deliveryLimit }) }).queues;

    expect(limits(queue('q', { deliveryLimit: 4 }))).toMatchObject([
      { deliveryLimit: 4, countsFailures: true, maxReceiveCount: 10 },
    ]);
    expect(limits(queue('q', { deliveryLimit: 4 }), 0)).toMatchObject([{ deliveryLimit: 0, maxReceiveCount: 2 }]);
    expect(limits(queue('q', { type: 'classic' }))).toMatchObject([{ deliveryLimit: 99, maxReceiveCount: 200 }]);
    expect(planOf(queue('q')).queues).toMatchObject([{ countsFailures: false }]);
  });

  it('gives them for each message of a FIFO queue’s batch: one is received whenever one in front of it fails', () => {
    const ordered = queue('q', { deliveryLimit: 4, singleActiveConsumer: true });
    const receives = (one: Queue, batchSize?: number) =>
      planTopology(topology({ queues: [one] }), { ...options, countedBy: () => ({ batchSize }) }).queues[0]
        ?.maxReceiveCount;

    expect([receives(ordered), receives(ordered, 1), receives(ordered, 10)]).toEqual([10, 10, 100]);
    expect(receives(queue('q', { deliveryLimit: 4 }), 10)).toBe(10);
  });

  it('orders a FIFO queue by the key its consumer names, and no other queue', () => {
    const orderBy = { member: 'order_no' };
    const { topology: planned } = planTopology(
      topology({ queues: [queue('fifo', { singleActiveConsumer: true }), queue('standard')] }),
      { ...options, orderOf: () => orderBy },
    );

    expect(planned.queues.map((one) => one.orderBy)).toEqual([orderBy, undefined]);
  });

  it('makes a single active consumer’s queue a FIFO queue, with a FIFO dead-letter queue', () => {
    expect(planOf(queue('q', { singleActiveConsumer: true })).queues).toMatchObject([
      { type: 'fifo', sqsName: 'warren-dev-q.fifo', deadLetterSqsName: 'warren-dev-q-dlq.fifo' },
    ]);
  });

  it.each([
    ['is the TTL, rounded up to a second', 90_500, 91],
    ['is at least the 60 s SQS keeps', 5_000, 60],
    ['is at most 13 days, so that a dead-letter queue can keep longer', 30 * 24 * 3_600_000, 1_123_200],
  ])('keeps messages of a queue with a TTL and no dead-letter exchange: retention %s', (_, messageTtl, seconds) => {
    expect(planOf(queue('q', { messageTtl })).queues).toMatchObject([{ retentionSeconds: seconds }]);
  });

  it('leaves retention to the stage when there is no TTL, or when what expires is dead-lettered', () => {
    const { queues } = planTopology(
      topology({ queues: [queue('plain'), queue('work', { messageTtl: 60_000, deadLetterExchange: 'late' })] }),
      { ...options, isConsumed: () => true },
    );

    expect(queues.map(({ retentionSeconds }) => retentionSeconds)).toEqual([undefined, undefined]);
  });
});

describe('a queue with a TTL and a dead-letter exchange', () => {
  const wait = queue('wait', { messageTtl: 5_000, deadLetterExchange: 'work' });

  it('is a delay queue when nothing consumes it: marked in the topology, and not created', () => {
    const { queues, delayQueues, topology: planned } = planOf(wait, queue('q'));

    expect(queues.map(({ queue: { name } }) => name)).toEqual(['q']);
    expect(delayQueues).toMatchObject([{ name: 'wait' }]);
    expect(planned.queues).toEqual([{ ...wait, delayQueue: true }, queue('q')]);
  });

  it('is a queue like any other when something consumes it', () => {
    const isConsumed = ({ vhost, name }: Pick<Queue, 'vhost' | 'name'>) => vhost === '/' && name === 'wait';
    const { queues, delayQueues } = planTopology(topology({ queues: [wait] }), { ...options, isConsumed });

    expect(queues).toHaveLength(1);
    expect(delayQueues).toEqual([]);
  });
});
