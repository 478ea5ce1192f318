import { cloudWatchClient, documentClient, s3Client, sqsClient } from '../shared/aws/clients.ts';
import { createSqsSource } from '../shared/consumer/sqs-source.ts';
import { parseEnv } from '../shared/env.ts';
import { createStoredExceptions } from '../shared/exceptions/stored-exceptions.ts';
import { createTakeOut } from '../shared/exceptions/take-out.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { createCloudWatchMetrics } from './queue-metrics.ts';
import { createSweep } from './sweep.ts';
import { loadSweptQueues } from './swept-queues.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const sqs = sqsClient();
const now = () => new Date();
const telemetry = createTelemetry();
const { keep } = createStoredExceptions({ env, documents: documentClient(), s3: s3Client, now, ...telemetry });

// Called by AWS, once an hour.
export const handler = createHandler({
  queues: loadSweptQueues(),
  metrics: createCloudWatchMetrics(cloudWatchClient(), now),
  sweep: createSweep({
    source: ({ sqsName }) => createSqsSource(sqs, env.QUEUE_URL_BASE + sqsName, telemetry.log),
    takeOut: createTakeOut({ keep, log: telemetry.log }),
    now,
    log: telemetry.log,
  }),
  random: Math.random,
  log: telemetry.log,
});
