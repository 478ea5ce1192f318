import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateQueueCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { createSqsBroker } from '../../lambdas/shared/broker/sqs-broker.ts';
import { consumerEnvSchema } from '../../lambdas/shared/consumer/env.ts';
import { RetryableError } from '../../lambdas/shared/consumer/errors.ts';
import { createSqsConsumer, type SqsConsumerDeps } from '../../lambdas/shared/consumer/sqs-consumer.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { eventually } from '../../local/eventually.ts';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { testAccount } from '../support/deployment-file.ts';
import { pollQueue } from '../support/poll-queue.ts';
import { testDeployment } from '../support/test-deployment.ts';
import { CountingMeter, lambdaContext, message, silentLog } from '../unit/lambdas/builders.ts';
import { queue, topology } from '../unit/rabbitmq/topology-builders.ts';

const deployment = testDeployment();
const keys = Array.from({ length: 200 }, (_, at) => `key-${at}`);
const perKey = 20;
const schema = z.object({ key: z.string(), n: z.int() });

const ordered = queue(`ordered-${randomUUID().slice(0, 8)}`, {
  singleActiveConsumer: true,
  orderBy: { member: 'key' },
});
let queueUrl: string;
let deps: SqsConsumerDeps;

beforeAll(async () => {
  const { Environment } = await deployment.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: deployment.outputs.OrdersFunction }),
  );
  const env = { ...consumerEnvSchema.parse(Environment?.Variables), RETRY_MIN_SECONDS: 0, RETRY_MAX_SECONDS: 0 };
  const QueueName = sqsQueueName(env.QUEUE_NAME_PREFIX, ordered);
  const created = await deployment.sqs.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true' } }));
  queueUrl = created.QueueUrl ?? '';
  const config = clientConfig(deployment.endpoint, testAccount);
  deps = {
    env: { ...env, DELIVERY_LIMIT: 1000 },
    topology: topology({ queues: [ordered] }),
    sqs: deployment.sqs,
    scheduler: new SchedulerClient(config),
    s3: async () => new S3Client(config),
    dynamoDb: new DynamoDBClient(config),
    now: () => new Date(),
    log: silentLog,
    meter: new CountingMeter(),
  };
});

afterAll(async () => {
  await deployment.sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
});

describe('messages of 200 keys in a FIFO queue ordered by key', () => {
  it('are handled in the order of each key, although every tenth delivery fails, and a poison message holds back its own key only', async () => {
    const handled = new Map<string, number[]>();
    let deliveries = 0;
    let isPoisoned = true;
    const consumer = {
      queue: ordered.name,
      schema,
      businessKey: ({ key, n }: z.infer<typeof schema>) => `${key} ${n}`,
      comparable: () => [],
      async handle({ body: { key, n } }: { readonly body: z.infer<typeof schema> }) {
        if (isPoisoned && key === 'key-7' && n === 3) throw new RetryableError('poison', { delaySeconds: 1 });
        if (++deliveries % 10 === 0) throw new Error('every tenth delivery');
        handled.set(key, [...(handled.get(key) ?? []), n]);
      },
    };
    const rounds = Array.from({ length: perKey }, (_, n) => n + 1);
    const messages = rounds.flatMap((n) =>
      keys.map((key) =>
        message({
          exchange: '',
          routingKeys: [ordered.name],
          properties: { message_id: `${queueUrl} ${key} ${n}` },
          payload: JSON.stringify({ key, n }),
        }),
      ),
    );
    const published = await createSqsBroker(deps).publish(messages);
    expect(published.filter(({ confirm }) => confirm !== 'ack')).toEqual([]);

    const stop = new AbortController();
    const polled = {
      sqs: deployment.sqs,
      queueUrl,
      batchSize: 10,
      visibilityTimeout: 60,
      createHandler: () => createSqsConsumer(consumer, deps),
      context: { ...lambdaContext(), getRemainingTimeInMillis: () => 30_000 },
    };
    const polling = pollQueue(polled, 4, stop.signal);
    const total = () => [...handled.values()].flat().length;
    try {
      const held = perKey - 2;
      await eventually(
        async () => total(),
        (count) => count === messages.length - held,
        120_000,
      );
      expect(handled.get('key-7')).toEqual([1, 2]);
      isPoisoned = false;
      await eventually(
        async () => total(),
        (count) => count === messages.length,
        30_000,
      );
    } finally {
      stop.abort();
      await polling;
    }

    for (const key of keys) expect(handled.get(key)).toEqual(rounds);
  }, 180_000);
});
