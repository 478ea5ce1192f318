import { documentClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOrderReader } from '../shared/orders/dynamodb-orders-store.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);

// Called by API Gateway, once per request.
export const handler = createHandler({
  store: createDynamoDbOrderReader(documentClient(), env.ORDERS_TABLE),
  log: createTelemetry().log,
});
