import { dynamoDbClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createHttpPost } from '../shared/http/http-post.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);

// Called by AWS, once per batch.
export const handler = createHandler({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  dynamoDb: dynamoDbClient(),
  post: createHttpPost({ url: env.FULFILMENT_URL, timeoutMs: env.FULFILMENT_TIMEOUT_MS }),
  mostRetryAfterSeconds: env.RETRY_MAX_SECONDS,
  now: () => new Date(),
  ...createTelemetry(),
});
