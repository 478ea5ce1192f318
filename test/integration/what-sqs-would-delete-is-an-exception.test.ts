import { randomUUID } from 'node:crypto';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SweptQueue } from '../../lambdas/retention-sweep/env.ts';
import { createHandler } from '../../lambdas/retention-sweep/handler.ts';
import { createCloudWatchMetrics, type QueueMetrics } from '../../lambdas/retention-sweep/queue-metrics.ts';
import { createSweep } from '../../lambdas/retention-sweep/sweep.ts';
import { createSqsSource, type Source } from '../../lambdas/shared/consumer/sqs-source.ts';
import { createDynamoDbExceptions } from '../../lambdas/shared/exceptions/dynamodb-exceptions.ts';
import { createMessageExceptions } from '../../lambdas/shared/exceptions/message-exceptions.ts';
import { createTakeOut } from '../../lambdas/shared/exceptions/take-out.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { testAccount } from '../support/deployment-file.ts';
import { noClaims } from '../support/no-claims.ts';
import { messagesWith } from '../support/queue-contents.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { CountingMeter, lambdaContext, silentLog } from '../unit/lambdas/builders.ts';

const deployment = testDeployment();
const { sqs, documents, outputs } = deployment;
const day = 86_400;
/** Of this test alone: it takes out all there is. */
const sqsName = `warren-local-retention-${randomUUID()}`;
const url = outputs.QueueUrlBase + sqsName;

beforeAll(() => sqs.send(new CreateQueueCommand({ QueueName: sqsName })));
afterAll(() => sqs.send(new DeleteQueueCommand({ QueueUrl: url })));

const swept: SweptQueue = {
  sqsName,
  queue: { vhost: '/', name: 'forgotten' },
  retentionSeconds: 13 * day,
  sweepAfterSeconds: 12 * day,
  isDeadLetterQueue: false,
  dropsExpired: false,
};

/** The sweep in this process, over the deployed queue and table, so many days from now. SQS counts its own time: the clock is what is ahead. */
async function sweepIn(days: number, sourceOf: (source: Source) => Source = (source) => source): Promise<void> {
  const now = () => new Date(Date.now() + days * day * 1000);
  const metrics: QueueMetrics = { newest: async () => new Map([[sqsName, 13 * day]]) };
  const exceptions = createDynamoDbExceptions(documents, {
    table: outputs.ExceptionsTable,
    keepSeconds: 60,
    now,
    log: silentLog,
    meter: new CountingMeter(),
  });
  const handler = createHandler({
    queues: [swept],
    metrics,
    sweep: createSweep({
      source: () => sourceOf(createSqsSource(sqs, url, silentLog)),
      takeOut: createTakeOut({ keep: createMessageExceptions({ claims: noClaims, exceptions }), log: silentLog }),
      now,
      log: silentLog,
    }),
    random: Math.random,
    log: silentLog,
  });
  await handler({}, lambdaContext(40_000));
}

async function send(mark: string): Promise<string> {
  const { MessageId = '' } = await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `{"n":"${mark}"}` }));
  return MessageId;
}

async function exceptionsOf(eventId: string) {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: outputs.ExceptionsTable,
      KeyConditionExpression: 'event_id = :event',
      ExpressionAttributeValues: { ':event': eventId },
      ConsistentRead: true,
    }),
  );
  return Items;
}

describe('a message that nobody takes out of its queue', () => {
  it('stays as long as SQS has time for it, and can be received at once after a sweep has looked at it', async () => {
    const mark = randomUUID();
    const eventId = await send(mark);

    // It does not find what CloudWatch told of.
    await expect(sweepIn(11.9)).rejects.toThrow('not swept to the end');

    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, VisibilityTimeout: 0 }));
    expect(Messages).toMatchObject([{ MessageId: eventId }]);
    expect(await exceptionsOf(eventId)).toEqual([]);
  });

  it('is one exception a day before SQS deletes it, and is gone from the queue, though the sweep died in between once', async () => {
    const mark = randomUUID();
    const eventId = await send(mark);

    const dying = sweepIn(14, (source) => ({ ...source, remove: () => Promise.reject(new Error('died')) }));
    await expect(dying).rejects.toThrow('not swept to the end');
    expect(await messagesWith(deployment, url, mark, 5_000)).toHaveLength(1);
    await sweepIn(14);

    expect(await exceptionsOf(eventId)).toMatchObject([
      {
        source: expect.stringMatching(/^queue 'forgotten' [0-9a-f]{16}$/),
        reason: 'retention',
        state: 'open',
        body: `{"n":"${mark}"}`,
        occurrences: 2,
      },
    ]);
    expect(await messagesWith(deployment, url, mark)).toEqual([]);
  });
});

describe('CloudWatch without metrics of queues, as the local AWS is', () => {
  it('knows no age of any queue', async () => {
    const cloudWatch = new CloudWatchClient(clientConfig(deployment.endpoint, testAccount));
    const metrics = createCloudWatchMetrics(cloudWatch, () => new Date());

    expect([...(await metrics.newest('ApproximateAgeOfOldestMessage', [sqsName]))]).toEqual([]);
  });
});
