import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { createDynamoDbFailures } from '../../lambdas/shared/consumer/dynamodb-failures.ts';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { paymentOf, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const source = deployment.queueUrl('orders.payments');
const deadLetterQueue = deployment.deadLetterQueueUrl('orders.payments');

async function send(body: string): Promise<void> {
  await deployment.sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: body }));
}

describe('a message that fails every time', () => {
  it('is dead-lettered after one failure more than its delivery limit, and its source is empty (rule 4.8.6)', async () => {
    const never = `NEVER-${randomUUID().slice(0, 18)}`;
    const body = JSON.stringify(paymentOf(never));

    await send(body);

    expect(await drained(deployment, source, 40_000)).toBe(0);
    const dead = await messagesWith(deployment, deployment.queueUrl('dead-letters'), never, 5_000);
    expect(dead.map(({ Body }) => Body)).toEqual([body]);
    const { headers } = JSON.parse(dead[0]?.MessageAttributes?.['amqp']?.StringValue ?? '{}');
    expect(headers['x-death']).toMatchObject([{ count: 1, reason: 'delivery_limit', queue: 'orders.payments' }]);
    expect(await messagesWith(deployment, deadLetterQueue, never)).toEqual([]);
  });
});

describe('a message that its consumer never finished', () => {
  it('is taken out of SQS’s dead-letter queue, and dead-lettered as one over its limit', async () => {
    const mark = randomUUID();
    await deployment.sqs.send(new SendMessageCommand({ QueueUrl: deadLetterQueue, MessageBody: `{"n":"${mark}"}` }));

    const [letter] = await messagesWith(deployment, deployment.queueUrl('dead-letters'), mark, 20_000);

    const { headers } = JSON.parse(letter?.MessageAttributes?.['amqp']?.StringValue ?? '{}');
    expect(headers['x-death']).toMatchObject([{ count: 1, reason: 'delivery_limit', queue: 'orders.payments' }]);
    expect(await drained(deployment, deadLetterQueue, 10_000)).toBe(0);
  });
});

describe('the count of failures', () => {
  it('goes up one by one, by event id, and starts anew when the message is gone', async () => {
    const failures = createDynamoDbFailures(deployment.documents, {
      table: deployment.outputs.IdempotencyTable,
      keyPrefix: 'orders.payments',
      expiresAfterSeconds: 3600,
      now: () => new Date(),
    });
    const [one, other] = [randomUUID(), randomUUID()];

    expect(await Promise.all([failures.add(one), failures.add(one), failures.add(other)])).toEqual(
      expect.arrayContaining([1, 2, 1]),
    );
    expect([await failures.count(one), await failures.count(other)]).toEqual([2, 1]);
    await failures.forget(one);

    expect([await failures.count(one), await failures.add(one)]).toEqual([0, 1]);
  });
});

describe('a message that can never be handled', () => {
  it.each([
    ['is not JSON', (mark: string) => `neither JSON nor anything else { ${mark}`],
    ['has the wrong types', (mark: string) => JSON.stringify({ out_trade_no: 5, amount: mark })],
    ['is nested 10,000 deep', (mark: string) => `${'['.repeat(10_000)}"${mark}"${']'.repeat(10_000)}`],
  ])('is dead-lettered at once, without a retry, when it %s (rules 4.6.1, 4.6.9)', async (_, bodyWith) => {
    const mark = randomUUID();
    const body = bodyWith(mark);

    await send(body);

    const [letter] = await messagesWith(deployment, deployment.queueUrl('dead-letters'), mark, 20_000);
    expect(letter?.Body).toBe(body);
    const { headers } = JSON.parse(letter?.MessageAttributes?.['amqp']?.StringValue ?? '{}');
    expect(headers['x-death']).toMatchObject([{ count: 1, reason: 'rejected', queue: 'orders.payments' }]);
    expect(await drained(deployment, source)).toBe(0);
    expect(await messagesWith(deployment, deadLetterQueue, mark)).toEqual([]);
  });
});
