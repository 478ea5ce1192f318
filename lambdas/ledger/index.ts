import { documentClient, dynamoDbClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { createDynamoDbLedgerStore } from './dynamodb-ledger-store.ts';
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

// Called by AWS, once per batch.
export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb,
  store: createDynamoDbLedgerStore(documents, { table: env.LEDGER_TABLE, now }),
  now,
  ...telemetry,
});
