import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { consumerEnvSchema } from '../../../../../lambdas/shared/consumer/env.ts';
import { createSqsConsumer } from '../../../../../lambdas/shared/consumer/sqs-consumer.ts';
import { createSqsPartitionsConsumer } from '../../../../../lambdas/shared/consumer/sqs-partitions-consumer.ts';
import { shards } from '../../../rabbitmq/partitions/rings.ts';
import { CountingMeter, errorOf, now, silentLog } from '../../builders.ts';

const region = { region: 'us-east-1' };
const arn = 'arn:aws:sqs:us-east-1:123456789012:q';
const deps = {
  env: consumerEnvSchema.parse({
    QUEUE_NAME_PREFIX: 'warren-dev',
    QUEUE_URL_BASE: 'https://sqs.us-east-1.amazonaws.com/123456789012/',
    QUEUE_DEPTH_MAX_AGE_MS: '0',
    DELAYED_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/q',
    DELAYED_QUEUE_ARN: arn,
    SCHEDULE_GROUP: 'group',
    SCHEDULE_ROLE_ARN: arn,
    SCHEDULE_DEAD_LETTER_ARN: arn,
    CLAIM_BUCKET: 'claims',
    PARTITIONS_TABLE: 'partitions',
    MAX_BODY_BYTES: '1000',
    IDEMPOTENCY_TABLE: 'idempotency',
    IDEMPOTENCY_EXPIRES_AFTER_SECONDS: '60',
    EXCEPTIONS_TABLE: 'exceptions',
    EXCEPTIONS_KEEP_SECONDS: '60',
    DELIVERY_LIMIT: '3',
    MAX_RECEIVES: '200',
    RETRY_MIN_SECONDS: '0',
    RETRY_MAX_SECONDS: '1',
    RETRY_SCHEDULE_SECONDS: '',
    CONSUMER: 'shards',
    CIRCUITS_TABLE: 'circuits',
    CIRCUIT_OPENS_AFTER: '0',
    CIRCUIT_FIRST_PROBE_SECONDS: '60',
  }),
  topology: shards([1, 1]),
  sqs: new SQSClient(region),
  scheduler: new SchedulerClient(region),
  s3: () => Promise.reject(new Error('Not implemented')),
  dynamoDb: new DynamoDBClient(region),
  now: () => now,
  log: silentLog,
  meter: new CountingMeter(),
};
const consumer = { schema: z.unknown(), businessKey: () => 'one', comparable: () => [], handle: async () => {} };

describe('the consumer of partitions', () => {
  it('is made of all of them: one of a single partition would take markers of the others for its own', () => {
    expect(() => createSqsPartitionsConsumer({ ...consumer, partitionsOf: 'shards' }, deps)).not.toThrow();
    expect(String(errorOf(() => createSqsConsumer({ ...consumer, queue: 'shard-0' }, deps)))).toContain(
      "'shard-0' is a partition: its consumer is made by createSqsPartitionsConsumer",
    );
  });
});
