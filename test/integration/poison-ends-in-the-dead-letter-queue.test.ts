import { randomUUID } from 'node:crypto';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { paymentOf, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const source = deployment.queueUrl('orders.payments');
const deadLetterQueue = deployment.deadLetterQueueUrl('orders.payments');

async function send(body: string): Promise<void> {
  await deployment.sqs.send(new SendMessageCommand({ QueueUrl: source, MessageBody: body }));
}

describe('a message that fails every time', () => {
  it('is received as often as its delivery limit says, then lies in the dead-letter queue, and its source is empty (rule 4.8.6)', async () => {
    const never = `NEVER-${randomUUID().slice(0, 18)}`;
    const body = JSON.stringify(paymentOf(never));

    await send(body);

    expect(await drained(deployment, source, 40_000)).toBe(0);
    const dead = await messagesWith(deployment, deadLetterQueue, never, 5_000);
    expect(dead.map(({ Body }) => Body)).toEqual([body]);
    // The limit of 8 is nine receives; this look is the tenth.
    expect(dead[0]?.Attributes?.ApproximateReceiveCount).toBe('10');
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
