import { v7 as uuidv7 } from 'uuid';
import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { awsPublishing } from '../shared/publishing/aws-publishing.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);

// Called by API Gateway, once per request.
export const handler = createHandler(
  awsPublishing({
    env,
    topology: loadTopology(),
    sqs: sqsClient(),
    scheduler: schedulerClient(),
    s3: s3Client,
    documents: documentClient(),
    now: () => new Date(),
    newEventId: uuidv7,
    ...createTelemetry(),
  }),
);
