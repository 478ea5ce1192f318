import { documentClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { configuredOrderCache } from '../shared/order-cache/configured-order-cache.ts';
import { createStoredOrders } from '../shared/order-cache/stored-orders.ts';
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
const now = () => new Date();

// Called by `warren order-cache rebuild`, once per page.
export const handler = createHandler({
  orders: createStoredOrders(documents, env.ORDERS_TABLE),
  cache: configuredOrderCache(env, { documents, now }),
  ...telemetry,
});
