import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbRelay } from '../shared/outbox/dynamodb-relay.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { createDynamoDbUndelivered } from './undelivered.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const documents = documentClient();
const now = () => new Date();
const telemetry = createTelemetry();

// Called by AWS, once a minute.
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
    documents,
    now,
    ...telemetry,
  }),
  undelivered: createDynamoDbUndelivered(documents, env.OUTBOX_TABLE),
  overdueAfterMs: env.OUTBOX_OVERDUE_AFTER_SECONDS * 1000,
  giveUpAfterMs: env.OUTBOX_GIVE_UP_AFTER_SECONDS * 1000,
  now,
  random: Math.random,
  ...telemetry,
});
