import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { createDynamoDbOutboxMarks } from './dynamodb-outbox-marks.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();

// Called by AWS, once per batch of the outbox table's stream.
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
  marks: createDynamoDbOutboxMarks(documentClient(), {
    table: env.OUTBOX_TABLE,
    keepSeconds: env.OUTBOX_KEEP_SECONDS,
    now: () => new Date(),
  }),
  ...telemetry,
});
