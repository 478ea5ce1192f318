import { v7 as uuidv7 } from 'uuid';
import { envSchema } from '../../../lambdas/orders/env.ts';
import { createHandler } from '../../../lambdas/orders/handler.ts';
import {
  documentClient,
  dynamoDbClient,
  s3Client,
  schedulerClient,
  sqsClient,
} from '../../../lambdas/shared/aws/clients.ts';
import { loadTopology } from '../../../lambdas/shared/broker/topology-file.ts';
import { parseEnv } from '../../../lambdas/shared/env.ts';
import { createDynamoDbOrdersStore } from '../../../lambdas/shared/orders/dynamodb-orders-store.ts';
import type { OrdersStore } from '../../../lambdas/shared/orders/orders-store.ts';
import { createDynamoDbOutbox } from '../../../lambdas/shared/outbox/dynamodb-outbox.ts';
import { pause } from '../../../lambdas/shared/pause.ts';
import { createDynamoDbRefundsStore } from '../../../lambdas/shared/refunds/dynamodb-refunds-store.ts';
import { createTelemetry } from '../../../lambdas/shared/telemetry/telemetry.ts';

// The orders function with one fault: its process dies after the effect is stored and before anything else happens.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const outbox = createDynamoDbOutbox(documentClient(dynamoDb), {
  table: env.OUTBOX_TABLE,
  now: () => new Date(),
  maxAttempts: 3,
  sleep: pause,
  random: Math.random,
});
const store = createDynamoDbOrdersStore(documentClient(dynamoDb), outbox, {
  table: env.ORDERS_TABLE,
  now: () => new Date(),
});

const crashing: OrdersStore = {
  ...store,
  async move(from, to, event) {
    await store.move(from, to, event);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
};

export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb,
  store: crashing,
  refunds: createDynamoDbRefundsStore(documentClient(dynamoDb), outbox, env.REFUNDS_TABLE),
  now: () => new Date(),
  newEventId: uuidv7,
  ...createTelemetry(),
});
