import { planQueues } from '../../../../rabbitmq/plan/plan-queues.ts';
import { queue, topology } from '../topology-builders.ts';

const options = { namePrefix: 'warren-dev', unlimitedMaxReceiveCount: 100 };
const planOf = (...queues: ReturnType<typeof queue>[]) => planQueues(topology({ queues }), options);

describe('the plan of the queues', () => {
  it('is one SQS queue and one dead-letter queue for each RabbitMQ queue, in their order', () => {
    const [orders, ledger] = [queue('orders'), queue('ledger', { vhost: 'shop' })];

    const plan = planOf(orders, ledger);

    expect(plan).toMatchObject([
      { queue: orders, sqsName: 'warren-dev-orders', deadLetterSqsName: 'warren-dev-orders-dlq' },
      { queue: ledger, sqsName: expect.stringMatching(/^warren-dev-shop-ledger-/) },
    ]);
    expect(plan[1]?.deadLetterSqsName).toBe(`${plan[1]?.sqsName}-dlq`);
  });

  it.each([
    ['a delivery limit of N is N + 1 receives (rule 4.8.6)', queue('q', { deliveryLimit: 4 }), 5],
    ['a quorum queue without a limit has RabbitMQ’s own of 20 (rule 4.8.7)', queue('q'), 21],
    ['a classic queue without a limit gets ours', queue('q', { type: 'classic' }), 100],
  ])('counts receives: %s', (_, one, maxReceiveCount) => {
    expect(planOf(one)).toMatchObject([{ maxReceiveCount }]);
  });
});
