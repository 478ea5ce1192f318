import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbOutbox } from '../shared/outbox/dynamodb-outbox.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const now = () => new Date();
const telemetry = createTelemetry();

// Called by AWS, once per request.
export const handler = createHandler({
  broker: createSqsBroker({
    env,
    topology: loadTopology(),
    sqs: sqsClient(),
    scheduler: schedulerClient(),
    s3: s3Client,
    meter: telemetry.meter,
    now,
  }),
  outbox: createDynamoDbOutbox(documentClient(), {
    table: env.OUTBOX_TABLE,
    now,
    maxAttempts: 3,
    sleep,
    random: Math.random,
  }),
  newEventId: uuidv7,
  ...telemetry,
});
