import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { v7 as uuidv7 } from 'uuid';
import { s3Client, schedulerClient, secretsManagerClient, sqsClient } from '../shared/aws/clients.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { type MerchantSecret, parseMerchantSecret } from '../shared/wechat-pay/merchant-secret.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();
const secrets = new SecretsProvider({ awsSdkV3Client: secretsManagerClient() });

async function merchantSecret(): Promise<MerchantSecret> {
  return parseMerchantSecret(
    await secrets.get(env.WECHAT_PAY_SECRET_ID, { maxAge: env.WECHAT_PAY_SECRET_MAX_AGE_SECONDS }),
  );
}

// Called by AWS, once per notification.
export const handler = createHandler({
  merchantSecret,
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
