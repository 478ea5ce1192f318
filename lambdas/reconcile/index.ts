import { v7 as uuidv7 } from 'uuid';
import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOrdersStore } from '../shared/orders/dynamodb-orders-store.ts';
import { unpaidTopic } from '../shared/orders/order-agenda.ts';
import { createDynamoDbOutbox } from '../shared/outbox/dynamodb-outbox.ts';
import { pause } from '../shared/pause.ts';
import { createDynamoDbRefundsStore, openRefundsTopic } from '../shared/refunds/dynamodb-refunds-store.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { configuredApi } from '../shared/wechat-pay/api/configured-api.ts';
import { configuredMerchant } from '../shared/wechat-pay/api/configured-merchant.ts';
import { createTell } from '../shared/wechat-pay/told-message.ts';
import { createCheckKeys } from './check-keys.ts';
import { createDynamoDbDue } from './dynamodb-due.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

/** What one run may find in one part of an index; there are eight, and a run has a minute. */
const mostPerPartition = 50;

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const now = () => new Date();
const telemetry = createTelemetry();
const documents = movedTables(documentClient(), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});
const outboxTable = { table: env.OUTBOX_TABLE, now, maxAttempts: 3, sleep: pause, random: Math.random };
const outbox = createDynamoDbOutbox(documents, outboxTable);
const broker = createSqsBroker({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  meter: telemetry.meter,
  now,
});

// Read anew for each check: whoever has just changed it asks about what it holds now.
const merchantNow = configuredMerchant({ ...env, WECHAT_PAY_SECRET_MAX_AGE_SECONDS: 0 });

const merchant = configuredMerchant(env);

// Called by a schedule, once a minute.
export const handler = createHandler({
  api: configuredApi(env, { ...merchant, now }),
  readSecrets: () => Promise.all([merchant.merchantSecret(), merchant.merchantKey()]),
  tell: createTell({ broker, appId: 'reconcile', now }),
  store: createDynamoDbOrdersStore(documents, outbox, { table: env.ORDERS_TABLE, now }),
  refunds: createDynamoDbRefundsStore(documents, outbox, env.REFUNDS_TABLE),
  orders: createDynamoDbDue(documents, {
    table: env.ORDERS_TABLE,
    topic: unpaidTopic,
    keys: ['out_trade_no'],
    mostPerPartition,
  }),
  openRefunds: createDynamoDbDue(documents, {
    table: env.REFUNDS_TABLE,
    topic: openRefundsTopic,
    keys: ['transaction_id', 'out_refund_no'],
    mostPerPartition,
  }),
  waits: {
    firstMs: env.RECONCILE_AFTER_SECONDS * 1_000,
    longestMs: env.RECONCILE_LONGEST_WAIT_SECONDS * 1_000,
  },
  closeAfterMs: env.RECONCILE_CLOSE_AFTER_SECONDS * 1_000,
  refundOverdueMs: env.REFUND_OVERDUE_SECONDS * 1_000,
  requestsPerSecond: env.RECONCILE_REQUESTS_PER_SECOND,
  checkKeys: createCheckKeys({
    api: configuredApi(env, { ...merchantNow, now }),
    ...merchantNow,
  }),
  notifyUrl: env.WECHAT_PAY_NOTIFY_URL,
  sleep: pause,
  now,
  newEventId: uuidv7,
  ...telemetry,
});
