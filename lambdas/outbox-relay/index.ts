import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbRelay } from '../shared/outbox/dynamodb-relay.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const now = () => new Date();
const telemetry = createTelemetry();

// Called by AWS, once per batch of the outbox table's stream.
export const handler = createHandler({
  ...createDynamoDbRelay({
    env,
    publisher: createSqsBroker({
      env,
      topology: loadTopology(),
      sqs: sqsClient(),
      scheduler: schedulerClient(),
      s3: s3Client,
      meter: telemetry.meter,
      now,
    }),
    documents: documentClient(),
    now,
    ...telemetry,
  }),
  ...telemetry,
});
