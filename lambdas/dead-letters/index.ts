import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createS3Claims } from '../shared/broker/s3-claims.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { queuesByDeadLetterQueue } from '../shared/consumer/dead-letter-queues.ts';
import { createSqsBurial } from '../shared/consumer/sqs-burial.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const topology = loadTopology();
const telemetry = createTelemetry();

// Called by AWS, once per batch of a dead-letter queue.
export const handler = createHandler({
  queueOf: queuesByDeadLetterQueue(topology, env.QUEUE_NAME_PREFIX),
  bury: createSqsBurial({
    env,
    topology,
    sqs: sqsClient(),
    scheduler: schedulerClient(),
    s3: s3Client,
    documents: documentClient(),
    now: () => new Date(),
    ...telemetry,
  }),
  claims: createS3Claims({ s3: s3Client, bucket: env.CLAIM_BUCKET }),
  ...telemetry,
});
