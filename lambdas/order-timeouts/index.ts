import { v7 as uuidv7 } from 'uuid';
import { documentClient, dynamoDbClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOrdersStore } from '../shared/orders/dynamodb-orders-store.ts';
import { createDynamoDbOutbox } from '../shared/outbox/dynamodb-outbox.ts';
import { pause } from '../shared/pause.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { configuredApi } from '../shared/wechat-pay/api/configured-api.ts';
import { configuredMerchant } from '../shared/wechat-pay/api/configured-merchant.ts';
import { wechatPayApiEnvSchema } from '../shared/wechat-pay/api/env.ts';
import { createTell } from '../shared/wechat-pay/told-message.ts';
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
const aws = { env, topology: loadTopology(), sqs: sqsClient(), scheduler: schedulerClient(), s3: s3Client, now };

function wechatPay() {
  const apiEnv = parseEnv(wechatPayApiEnvSchema, process.env);
  return {
    api: configuredApi(apiEnv, { ...configuredMerchant(apiEnv), now }),
    tell: createTell({
      broker: createSqsBroker({ ...aws, ...telemetry }),
      appId: 'order-timeouts',
      now,
    }),
  };
}

// Called by AWS, once per batch.
export const handler = createHandler({
  ...aws,
  dynamoDb,
  store: createDynamoDbOrdersStore(documents, outbox, { table: env.ORDERS_TABLE, now }),
  wechatPay: env.WECHAT_PAY_API_URL === undefined ? undefined : wechatPay(),
  newEventId: uuidv7,
  ...telemetry,
});
