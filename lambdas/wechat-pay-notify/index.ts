import { v7 as uuidv7 } from 'uuid';
import { s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { configuredMerchantSecret } from '../shared/wechat-pay/configured-secret.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();

// Called by AWS, once per notification.
export const handler = createHandler({
  merchantSecret: configuredMerchantSecret(env),
  broker: createSqsBroker({
    env,
    topology: loadTopology(),
    sqs: sqsClient(),
    scheduler: schedulerClient(),
    s3: s3Client,
    meter: telemetry.meter,
    now: () => new Date(),
  }),
  now: () => new Date(),
  newEventId: uuidv7,
  ...telemetry,
});
