import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { seededRandom } from '../../bin/warren/random.ts';
import { createSqsQueueSender } from '../../lambdas/shared/broker/queue-sender.ts';
import { createSqsBroker, queueUrls } from '../../lambdas/shared/broker/sqs-broker.ts';
import { consumerEnvSchema } from '../../lambdas/shared/consumer/env.ts';
import { createSqsPartitionsConsumer } from '../../lambdas/shared/consumer/sqs-partitions-consumer.ts';
import { partitionTimes } from '../../lambdas/shared/partitions/assignment.ts';
import { createDynamoDbPartitionStore } from '../../lambdas/shared/partitions/dynamodb-partition-store.ts';
import { createSendMarkers } from '../../lambdas/shared/partitions/markers.ts';
import type { Progress } from '../../lambdas/shared/partitions/progress.ts';
import { resize } from '../../lambdas/shared/partitions/resize.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import type { Message } from '../../rabbitmq/message.ts';
import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { tableFor } from '../contracts/dynamodb/tables.ts';
import { brokerEnv, unused } from '../contracts/sqs/broker.ts';
import { queuesFor } from '../contracts/sqs/queues.ts';
import { pollQueue } from '../support/poll-queue.ts';
import { CountingMeter, lambdaContext, message, silentLog } from '../unit/lambdas/builders.ts';
import { ringOf, shards } from '../unit/rabbitmq/partitions/rings.ts';
import { contractAccount, readBackEnds } from './back-ends.ts';

/** MESSAGES=20000 KEYS=500 for the whole number. */
const messages = Number(process.env['MESSAGES'] ?? 1_000);
const keys = Number(process.env['KEYS'] ?? 50);
/** Publishing goes on so long, and so over both steps. Milliseconds. */
const lasts = Number(process.env['LASTS'] ?? 100_000);
const perKey = Math.ceil(messages / keys);
const publishers = 8;
const schema = z.object({ key: z.string(), n: z.int() });
type Body = z.infer<typeof schema>;

/** ElasticMQ, where there is one: its FIFO queues are fast. */
const { sqs: queuesAt, dynamoDb: tablesAt } = readBackEnds();
const [name = '', endpoint = ''] = Object.entries(queuesAt).at(-1) ?? [];
const [tables = '', tablesEndpoint = ''] = Object.entries(tablesAt).at(-1) ?? [];

describe(`partitions on ${name} and ${tables} that grow from 4 to 7 and shrink to 3 while traffic flows`, () => {
  const sqs = new SQSClient({ ...clientConfig(endpoint, contractAccount), useQueueUrlAsEndpoint: false });
  const dynamoDb = new DynamoDBClient(clientConfig(tablesEndpoint, contractAccount));
  const documents = DynamoDBDocumentClient.from(dynamoDb, { marshallOptions: { removeUndefinedValues: true } });
  const topology = shards(
    Array.from({ length: 8 }, () => 1),
    4,
  );
  const ring = ringOf(topology);
  const queues = queuesFor(sqs, topology.queues, 1_000);
  const [idempotency, exceptions, partitions] = [
    tableFor(documents, 'id'),
    tableFor(documents, 'event_id', 'source'),
    tableFor(documents, 'exchange', 'item'),
  ];
  afterAll(() => {
    sqs.destroy();
    dynamoDb.destroy();
  });

  function dependencies() {
    const env = consumerEnvSchema.parse({
      ...brokerEnv(queues),
      PARTITIONS_TABLE: partitions.name,
      IDEMPOTENCY_TABLE: idempotency.name,
      IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '3600',
      EXCEPTIONS_TABLE: exceptions.name,
      EXCEPTIONS_KEEP_SECONDS: '60',
      MAX_RECEIVES: '1000',
      DELIVERY_LIMIT: '1000',
      RETRY_MIN_SECONDS: '0',
      RETRY_MAX_SECONDS: '1',
      RETRY_SCHEDULE_SECONDS: '',
      CONSUMER: 'shards',
      CIRCUITS_TABLE: 'none',
      CIRCUIT_OPENS_AFTER: '0',
      CIRCUIT_FIRST_PROBE_SECONDS: '60',
    });
    const scheduler = new Proxy(Object.create(null), { get: unused });
    const now = () => new Date();
    return {
      env,
      topology,
      sqs,
      scheduler,
      s3: unused,
      dynamoDb,
      documents,
      now,
      log: silentLog,
      meter: new CountingMeter(),
    };
  }

  it('handle every message of each key in order, and none is lost', async () => {
    const random = seededRandom(7);
    const deps = dependencies();
    const handled = new Map<string, number[]>();
    let deliveries = 0;
    const consumer = {
      partitionsOf: 'shards',
      schema,
      businessKey: ({ key, n }: Body) => `${key} ${n}`,
      comparable: () => [],
      async handle({ body: { key, n } }: { readonly body: Body }) {
        if (++deliveries % 50 === 0) throw new Error('every fiftieth delivery');
        const before = handled.get(key) ?? [];
        if (!before.includes(n)) handled.set(key, [...before, n]);
      },
    };
    const stop = new AbortController();
    const polling = topology.queues.flatMap((queue) => {
      const eventSourceARN = `arn:aws:sqs:us-east-1:${contractAccount}:${sqsQueueName(queues.namePrefix, queue)}`;
      const createHandler = () => {
        const handle = createSqsPartitionsConsumer(consumer, deps);
        return (event: Parameters<typeof handle>[0], context: Parameters<typeof handle>[1]) =>
          handle({ Records: event.Records.map((record) => ({ ...record, eventSourceARN })) }, context);
      };
      const context = { ...lambdaContext(), getRemainingTimeInMillis: () => 30_000 };
      const queueUrl = queues.urlOf(queue.name);
      return pollQueue({ sqs, queueUrl, batchSize: 10, visibilityTimeout: 60, createHandler, context }, 2, stop.signal);
    });

    const names = Array.from({ length: keys }, (_, at) => `key-${at}`);
    const brokers = Array.from({ length: publishers }, () => createSqsBroker(deps));
    const pauseMs = (lasts * publishers) / (messages / 4);
    let unconfirmed = 0;

    async function publishSome(some: readonly Message[]): Promise<void> {
      for (let left = some; left.length > 0; ) {
        const answers = (await brokers[Math.floor(random() * brokers.length)]?.publish(left)) ?? [];
        const bad = answers.findIndex(({ confirm }) => confirm !== 'ack');
        if (bad !== -1) unconfirmed += 1;
        left = bad === -1 ? [] : left.slice(bad);
      }
    }

    /** What is next of a key is published when what was before is confirmed, by whichever publisher. */
    async function produce(own: readonly string[]): Promise<void> {
      for (let n = 1; n <= perKey; n += 4) {
        for (const key of own) {
          const begun = Date.now();
          await publishSome(messagesFrom(key, n, Math.min(4, perKey - n + 1)));
          await new Promise((go) => setTimeout(go, Math.max(0, pauseMs - (Date.now() - begun))));
        }
      }
    }

    const seen: Progress[] = [];
    const command = {
      ring,
      initial: 4,
      store: createDynamoDbPartitionStore(documents, partitions.name),
      sendMarkers: createSendMarkers({
        sender: createSqsQueueSender({ sqs, maxAttempts: 3, sleep: async () => {}, random: Math.random }),
        queueUrl: queueUrls(deps.env),
      }),
      times: partitionTimes,
      now: () => new Date(),
      sleep: (ms: number) => new Promise((go) => setTimeout(go, ms)),
      report: (progress: Progress) => void seen.push(progress),
    };
    const begun = Date.now();
    const produced = Promise.all(
      Array.from({ length: publishers }, (_, at) => produce(names.filter((__, of) => of % publishers === at))),
    ).then(() => Date.now() - begun);
    const total = () => [...handled.values()].reduce((sum, { length }) => sum + length, 0);
    try {
      await command.sleep(5_000);
      await resize(command, 7);
      const grownAfter = Date.now() - begun;
      await resize(command, 3);
      const shrunkAfter = Date.now() - begun;
      const producedAfter = await produced;
      while (total() < keys * perKey && Date.now() - begun < 460_000) await command.sleep(500);
      const numbers = { messages: keys * perKey, keys, handled: total(), deliveries, unconfirmed };
      process.stderr.write(
        `${JSON.stringify({ ...numbers, grownAfter, shrunkAfter, producedAfter, ms: Date.now() - begun })}\n`,
      );
      // Traffic flowed all the while.
      expect(producedAfter).toBeGreaterThan(grownAfter);
    } finally {
      stop.abort();
      await Promise.all(polling);
    }
    const inOrder = Array.from({ length: perKey }, (_, at) => at + 1);
    expect(names.filter((key) => handled.get(key)?.join() !== inOrder.join())).toEqual([]);
    expect(await exceptions.items()).toEqual([]);
    expect(seen.at(-1)?.phase).toBe('drained');
  }, 480_000);
});

function messagesFrom(key: string, first: number, count: number): Message[] {
  return Array.from({ length: count }, (_, at) =>
    message({
      exchange: 'shards',
      routingKeys: [key],
      properties: { message_id: `${key} ${first + at}` },
      payload: JSON.stringify({ key, n: first + at }),
    }),
  );
}
