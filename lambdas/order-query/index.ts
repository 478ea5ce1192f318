import { documentClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOrderReader } from '../shared/orders/dynamodb-orders-store.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();
const documents = movedTables(documentClient(), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});

// Called by API Gateway, once per request.
export const handler = createHandler({
  store: createDynamoDbOrderReader(documents, env.ORDERS_TABLE),
  log: telemetry.log,
});
