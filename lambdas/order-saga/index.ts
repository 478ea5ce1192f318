import { v7 as uuidv7 } from 'uuid';
import { documentClient, dynamoDbClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOrdersStore } from '../shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../shared/outbox/dynamodb-outbox.ts';
import { pause } from '../shared/pause.ts';
import { createDynamoDbRefundsStore } from '../shared/refunds/dynamodb-refunds-store.ts';
import { createDynamoDbSagaStore } from '../shared/saga/dynamodb-saga-store.ts';
import { createDynamoDbStockStore } from '../shared/stock/dynamodb-stock-store.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const telemetry = createTelemetry();
const documents = movedTables(documentClient(dynamoDb), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});
const now = () => new Date();
const table = env.OUTBOX_TABLE;
const outbox = createDynamoDbOutbox(documents, { table, now, maxAttempts: 3, sleep: pause, random: Math.random });

// Called by AWS, once per batch.
export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb,
  store: createDynamoDbOrdersStore(documents, outbox, { table: env.ORDERS_TABLE, now }),
  refunds: createDynamoDbRefundsStore(documents, outbox, env.REFUNDS_TABLE),
  stock: createDynamoDbStockStore(documents, outbox, env.STOCK_TABLE),
  sagas: createDynamoDbSagaStore(documents, outbox, env.SAGAS_TABLE),
  stuckAfterMs: env.SAGA_STUCK_AFTER_SECONDS * 1_000,
  now,
  newEventId: uuidv7,
  ...telemetry,
});
