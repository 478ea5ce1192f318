import { documentClient, dynamoDbClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOutbox } from '../shared/outbox/dynamodb-outbox.ts';
import { pause } from '../shared/pause.ts';
import { createDynamoDbRefundsStore } from '../shared/refunds/dynamodb-refunds-store.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { configuredApi } from '../shared/wechat-pay/api/configured-api.ts';
import { configuredMerchant } from '../shared/wechat-pay/api/configured-merchant.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const documents = documentClient(dynamoDb);
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
  api: configuredApi(env, { ...configuredMerchant(env), now }),
  refunds: createDynamoDbRefundsStore(documents, outbox, env.REFUNDS_TABLE),
  notifyUrl: env.WECHAT_PAY_NOTIFY_URL,
  now,
  ...createTelemetry(),
});
