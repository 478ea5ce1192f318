import { s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createS3Claims } from '../shared/broker/s3-claims.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();

// Called by AWS, once per batch of messages whose time has come.
export const handler = createHandler({
  broker: createSqsBroker({
    env,
    topology: loadTopology(),
    sqs: sqsClient(),
    scheduler: schedulerClient(),
    s3: s3Client,
    meter: telemetry.meter,
    now: () => new Date(),
  }),
  claims: createS3Claims({ s3: s3Client, bucket: env.CLAIM_BUCKET }),
  ...telemetry,
});
