import { v7 as uuidv7 } from 'uuid';
import { envSchema } from '../../../lambdas/fulfilment/env.ts';
import { createHandler } from '../../../lambdas/fulfilment/handler.ts';
import {
  documentClient,
  dynamoDbClient,
  s3Client,
  schedulerClient,
  sqsClient,
} from '../../../lambdas/shared/aws/clients.ts';
import { loadTopology } from '../../../lambdas/shared/broker/topology-file.ts';
import { parseEnv } from '../../../lambdas/shared/env.ts';
import { createHttpPost } from '../../../lambdas/shared/http/http-post.ts';
import { createDynamoDbOrdersStore } from '../../../lambdas/shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { createTelemetry } from '../../../lambdas/shared/telemetry/telemetry.ts';

// The fulfilment function with one fault: its process dies when the merchant has answered, before Powertools notes that down.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const now = () => new Date();
const documents = documentClient(dynamoDb);
const outboxTable = { table: env.OUTBOX_TABLE, now, maxAttempts: 3, sleep: pause, random: Math.random };
const outbox = createDynamoDbOutbox(documents, outboxTable);
const post = createHttpPost({ url: env.FULFILMENT_URL, timeoutMs: env.FULFILMENT_TIMEOUT_MS });

export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb,
  async post(request) {
    await post(request);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
  mostRetryAfterSeconds: env.RETRY_MAX_SECONDS,
  outbox,
  orders: createDynamoDbOrdersStore(documents, outbox, { table: env.ORDERS_TABLE, now }),
  now,
  newEventId: uuidv7,
  ...createTelemetry(),
});
