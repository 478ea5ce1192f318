import { randomUUID } from 'node:crypto';
import { DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Message as ReceivedMessage } from '@aws-sdk/client-sqs';
import { withBody } from '../../lambdas/shared/broker/claim-check.ts';
import { decodeMessage } from '../../lambdas/shared/broker/envelope.ts';
import { createS3Claims } from '../../lambdas/shared/broker/s3-claims.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { observeOrder } from '../../local/demo/observe-order.ts';
import { eventually } from '../../local/eventually.ts';
import type { Message } from '../../rabbitmq/message.ts';
import { allItems } from '../support/all-items.ts';
import { testAccount } from '../support/deployment-file.ts';
import { invoke } from '../support/invoke.ts';
import { drained, messagesWith } from '../support/queue-contents.ts';
import { givenOrder, testDeployment } from '../support/test-deployment.ts';

const deployment = testDeployment();
const { lambda, outputs, documents } = deployment;
const s3 = new S3Client(clientConfig(deployment.endpoint, testAccount));
const claims = createS3Claims({ s3: async () => s3, bucket: outputs.ClaimBucket });
const twoMiB = 2 * 1024 * 1024;

/** Through the deployed `publish` function. */
async function publish(exchange: string, routing_key: string, payload: string) {
  const { answer } = await invoke(lambda, outputs.PublishFunction, { messages: [{ exchange, routing_key, payload }] });
  return answer;
}

async function bodiesInS3(): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: outputs.ClaimBucket }));
  return Contents.map(({ Key = '' }) => Key);
}

/** What is new in the bucket since. */
async function newSince(before: readonly string[]): Promise<string[]> {
  const now = await bodiesInS3();
  return now.filter((key) => !before.includes(key));
}

function read({ Body = '', MessageAttributes, MessageId = '' }: ReceivedMessage): Promise<Message> {
  return withBody(decodeMessage(Body, MessageAttributes?.['amqp']?.StringValue ?? '', MessageId), claims);
}

describe('a message of 2 MiB', () => {
  it('lies in each of its queues, with one body in S3', async () => {
    const before = await bodiesInS3();
    const payload = `${randomUUID()} ${'支'.repeat(twoMiB / 3)}`;

    expect(await publish('orders', 'note.added', payload)).toMatchObject({
      ok: true,
      messages: [{ confirm: 'ack', queues: [{ queue: 'analytics.orders' }, { queue: 'archive.orders' }] }],
    });

    const [key = '', ...others] = await newSince(before);
    expect(others).toEqual([]);
    for (const name of ['analytics.orders', 'archive.orders']) {
      const [copy] = await messagesWith(deployment, deployment.queueUrl(name), key, 5_000);
      const message = await read(copy ?? {});
      expect(message.routingKeys).toEqual(['note.added']);
      expect(message.payload === payload).toBe(true);
    }
  });

  it('is handled by its consumer as any other', async () => {
    const payment = await givenOrder(deployment);
    const payload = JSON.stringify({ ...payment, note: 'x'.repeat(twoMiB) });

    expect(await publish('payments', 'payment.success', payload)).toMatchObject({ ok: true });

    expect(await drained(deployment, deployment.queueUrl('orders.payments'))).toBe(0);
    expect((await observeOrder(deployment, payment.out_trade_no)).state).toBe('PAID');
  });

  it('is dead-lettered whole: the letter has the same body in S3', async () => {
    const before = await bodiesInS3();
    const payload = `no payment ${randomUUID()} ${'x'.repeat(twoMiB)}`;

    await publish('payments', 'payment.success', payload);

    const [key = ''] = await newSince(before);
    const [letter] = await messagesWith(deployment, deployment.queueUrl('dead-letters'), key, 20_000);
    const message = await read(letter ?? {});
    expect(message.headers['x-death']).toMatchObject([{ reason: 'rejected', queue: 'orders.payments' }]);
    expect(message.payload === payload).toBe(true);
    expect(await newSince(before)).toEqual([key]);
  });

  it('whose body is gone is neither handled nor lost: what is left of it ends as an exception', async () => {
    const payment = await givenOrder(deployment);
    const payload = JSON.stringify({ ...payment, note: 'y'.repeat(twoMiB) });
    const before = await bodiesInS3();
    // Published to wait, so that its body can vanish first.
    await invoke(lambda, outputs.PublishFunction, {
      messages: [{ exchange: 'payments', routing_key: 'payment.success', delay: 5_000, payload }],
    });
    const [Key = ''] = await newSince(before);
    await s3.send(new DeleteObjectCommand({ Bucket: outputs.ClaimBucket, Key }));

    const row = await eventually(
      async () => {
        const rows = await allItems(documents, outputs.ExceptionsTable);
        return rows.find(({ body }) => String(body).includes(Key));
      },
      (found) => found !== undefined,
      80_000,
    );

    expect(row).toMatchObject({ state: 'open', reason: 'delivery_limit', error_name: 'BodyMissingError' });
    expect((await observeOrder(deployment, payment.out_trade_no)).state).toBe('PAYING');
  });
});
