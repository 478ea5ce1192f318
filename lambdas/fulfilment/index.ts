import { v7 as uuidv7 } from 'uuid';
import { documentClient, dynamoDbClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createHttpPost } from '../shared/http/http-post.ts';
import { createDynamoDbOrdersStore } from '../shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../shared/outbox/dynamodb-outbox.ts';
import { pause } from '../shared/pause.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { mostRefusalBytes } from './refusal.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const now = () => new Date();
const telemetry = createTelemetry();
const documents = movedTables(documentClient(dynamoDb), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});
const outboxTable = { table: env.OUTBOX_TABLE, now, maxAttempts: 3, sleep: pause, random: Math.random };
const outbox = createDynamoDbOutbox(documents, outboxTable);

// Called by AWS, once per batch.
export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb,
  post: createHttpPost({
    url: env.FULFILMENT_URL,
    timeoutMs: env.FULFILMENT_TIMEOUT_MS,
    mostAnswerBytes: mostRefusalBytes,
  }),
  mostRetryAfterSeconds: env.RETRY_MAX_SECONDS,
  outbox,
  orders: createDynamoDbOrdersStore(documents, outbox, { table: env.ORDERS_TABLE, now }),
  now,
  newEventId: uuidv7,
  ...telemetry,
});
