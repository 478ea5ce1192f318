import { v7 as uuidv7 } from 'uuid';
import { createDynamoDbAgenda } from '../shared/agenda/dynamodb-agenda.ts';
import { documentClient } from '../shared/aws/clients.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOrdersStore } from '../shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../shared/outbox/dynamodb-outbox.ts';
import { pause } from '../shared/pause.ts';
import { createDynamoDbRefundsStore, openRefundsTopic } from '../shared/refunds/dynamodb-refunds-store.ts';
import { refundRowSchema } from '../shared/refunds/refund-row.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { configuredApi } from '../shared/wechat-pay/api/configured-api.ts';
import { configuredMerchant } from '../shared/wechat-pay/api/configured-merchant.ts';
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
const table = env.OUTBOX_TABLE;
const outbox = createDynamoDbOutbox(documents, { table, now, maxAttempts: 3, sleep: pause, random: Math.random });
const agenda = createDynamoDbAgenda(documents, env.REFUNDS_TABLE);

async function* openRefunds() {
  for await (const item of agenda.all(openRefundsTopic)) yield refundRowSchema.parse(item);
}

// Called by an operator.
export const handler = createHandler({
  api: configuredApi(env, { ...configuredMerchant(env), now }),
  store: createDynamoDbOrdersStore(documents, outbox, { table: env.ORDERS_TABLE, now }),
  refunds: createDynamoDbRefundsStore(documents, outbox, env.REFUNDS_TABLE),
  openRefunds,
  askingMs: env.REFUND_ASKING_SECONDS * 1_000,
  now,
  newEventId: uuidv7,
  ...telemetry,
});
