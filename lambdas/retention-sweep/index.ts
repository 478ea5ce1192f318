import { cloudWatchClient, documentClient, s3Client, sqsClient } from '../shared/aws/clients.ts';
import { createS3Claims } from '../shared/broker/s3-claims.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbExceptions } from '../shared/exceptions/dynamodb-exceptions.ts';
import { createMessageExceptions } from '../shared/exceptions/message-exceptions.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { createCloudWatchMetrics } from './queue-metrics.ts';
import { createSqsSource } from './sqs-source.ts';
import { createSweep } from './sweep.ts';
import { loadSweptQueues } from './swept-queues.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const sqs = sqsClient();
const now = () => new Date();
const telemetry = createTelemetry();

// Called by AWS, once an hour.
export const handler = createHandler({
  queues: loadSweptQueues(),
  metrics: createCloudWatchMetrics(cloudWatchClient(), now),
  sweep: createSweep({
    source: ({ sqsName }) => createSqsSource(sqs, env.QUEUE_URL_BASE + sqsName, telemetry.log),
    keep: createMessageExceptions({
      claims: createS3Claims({ s3: s3Client, bucket: env.CLAIM_BUCKET }),
      exceptions: createDynamoDbExceptions(documentClient(), { table: env.EXCEPTIONS_TABLE, now, ...telemetry }),
    }),
    now,
    log: telemetry.log,
  }),
  random: Math.random,
  log: telemetry.log,
});
