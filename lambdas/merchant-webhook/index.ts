import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import {
  documentClient,
  dynamoDbClient,
  s3Client,
  schedulerClient,
  secretsManagerClient,
  sqsClient,
} from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createGuardedPost } from '../shared/http/guarded-post.ts';
import { createDynamoDbOrderReader } from '../shared/orders/dynamodb-orders-store.ts';
import { movedTablesEnvSchema } from '../shared/table-moves/env.ts';
import { movedTables } from '../shared/table-moves/moved-tables.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { parseWebhookKeys } from './webhook-keys.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const dynamoDb = dynamoDbClient();
const telemetry = createTelemetry();
const documents = movedTables(documentClient(dynamoDb), parseEnv(movedTablesEnvSchema, process.env), {
  ...telemetry,
  clock: Date.now,
});
const secrets = new SecretsProvider({ awsSdkV3Client: secretsManagerClient() });

// Called by AWS, once per batch.
export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb,
  orders: createDynamoDbOrderReader(documents, env.ORDERS_TABLE),
  post: createGuardedPost({
    url: env.MERCHANT_WEBHOOK_URL,
    timeoutMs: env.MERCHANT_WEBHOOK_TIMEOUT_MS,
    allowedRanges: env.MERCHANT_WEBHOOK_ALLOWED_RANGES,
  }),
  keys: async () =>
    parseWebhookKeys(
      await secrets.get(env.MERCHANT_WEBHOOK_KEYS_ID, { maxAge: env.MERCHANT_WEBHOOK_KEYS_MAX_AGE_SECONDS }),
    ),
  mostRetryAfterSeconds: Math.max(env.RETRY_MAX_SECONDS, ...env.RETRY_SCHEDULE_SECONDS),
  now: () => new Date(),
  ...telemetry,
});
