import { createHash, randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { Consumer } from '../../lambdas/shared/consumer/consumer.ts';
import { consumerEnvSchema } from '../../lambdas/shared/consumer/env.ts';
import { createSqsConsumer } from '../../lambdas/shared/consumer/sqs-consumer.ts';
import { clientConfig } from '../../local/aws-environment.ts';
import { connect } from '../../local/deployment.ts';
import type { Topology } from '../../rabbitmq/topology.ts';
import { CountingMeter, lambdaContext, silentLog } from '../unit/lambdas/builders.ts';
import { readDeployment, testAccount } from './deployment-file.ts';
import { noDelaysEnv } from './no-delays.ts';
import { sqsRecord } from './sqs-event.ts';

const { endpoint, outputs: stackOutputs } = readDeployment();
export const deployment = connect(endpoint, stackOutputs, testAccount);
const { outputs, documents } = deployment;

const schema = z.object({ key: z.string(), content: z.int().default(0) });
type Body = z.infer<typeof schema>;

export interface PitfallOptions {
  readonly handle: Consumer<Body>['handle'];
  /** Default: one that nobody else has. */
  readonly queue?: string;
  readonly businessKey?: Consumer<Body>['businessKey'];
  /** What a run has left, by a clock that stands still. */
  readonly remainingMs?: number;
  readonly expiresAfterSeconds?: number;
  /** Where its DynamoDB is; default: where everybody's is. */
  readonly dynamoDbEndpoint?: string;
}

/** A consumer as every function makes its own, on the deployed tables; answers how many records of the batch failed. */
export function pitfallConsumer({
  handle,
  queue = `pitfalls.${randomUUID()}`,
  businessKey = ({ key }) => key,
  remainingMs = 20_000,
  expiresAfterSeconds = 3600,
  dynamoDbEndpoint = endpoint,
}: PitfallOptions) {
  const topology: Topology = {
    dialect: '4.3',
    exchanges: [],
    bindings: [],
    queues: [{ vhost: '/', name: queue, type: 'quorum' }],
  };
  const config = clientConfig(endpoint, testAccount);
  const handler = createSqsConsumer(
    { queue, schema, businessKey, comparable: ({ content }) => [content], handle },
    {
      env: consumerEnvSchema.parse({
        ...noDelaysEnv,
        QUEUE_NAME_PREFIX: 'pitfalls',
        QUEUE_URL_BASE: outputs.QueueUrlBase,
        IDEMPOTENCY_TABLE: outputs.IdempotencyTable,
        IDEMPOTENCY_EXPIRES_AFTER_SECONDS: expiresAfterSeconds,
        EXCEPTIONS_TABLE: outputs.ExceptionsTable,
        EXCEPTIONS_KEEP_SECONDS: '60',
        MAX_RECEIVES: '1000',
        DELIVERY_LIMIT: 8,
        RETRY_MIN_SECONDS: 0,
        RETRY_MAX_SECONDS: 1,
        RETRY_SCHEDULE_SECONDS: '',
        CONSUMER: 'pitfalls',
        CIRCUITS_TABLE: outputs.CircuitsTable,
        CIRCUIT_OPENS_AFTER: 10,
        CIRCUIT_FIRST_PROBE_SECONDS: 60,
      }),
      topology,
      sqs: deployment.sqs,
      scheduler: new SchedulerClient(config),
      s3: () => Promise.reject(new Error('no body is too large for SQS here')),
      // A call that breaks is not tried again: what is tested is what comes after.
      dynamoDb: new DynamoDBClient({ ...config, endpoint: dynamoDbEndpoint, maxAttempts: 1 }),
      now: () => new Date(),
      log: silentLog,
      meter: new CountingMeter(),
    },
  );
  return {
    queue,
    async take(...records: readonly SQSRecord[]): Promise<number> {
      const answer = (await handler({ Records: [...records] }, lambdaContext(remainingMs))) satisfies SQSBatchResponse;
      return answer.batchItemFailures.length;
    },
  };
}

/** A message with the business key, as SQS hands it out. */
export function recordWith(body: Readonly<Record<string, unknown>>, changes: Partial<SQSRecord> = {}): SQSRecord {
  return sqsRecord(JSON.stringify(body), changes);
}

/** Powertools' record of the key, as it stands in the table. */
export async function recordOfKey(queue: string, key: string) {
  const id = `${queue}#${createHash('sha256').update(JSON.stringify(key)).digest('base64')}`;
  const { Item } = await documents.send(
    new GetCommand({ TableName: outputs.IdempotencyTable, Key: { id }, ConsistentRead: true }),
  );
  return Item;
}

/** Why the message is an exception; undefined while it is none. */
export async function exceptionOf({ messageId }: SQSRecord): Promise<unknown> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: outputs.ExceptionsTable,
      KeyConditionExpression: 'event_id = :id',
      ExpressionAttributeValues: { ':id': messageId },
    }),
  );
  return Items[0]?.['reason'];
}
