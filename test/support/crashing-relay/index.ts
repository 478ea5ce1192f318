import { createHandler } from '../../../lambdas/outbox-relay/handler.ts';
import { documentClient, s3Client, schedulerClient, sqsClient } from '../../../lambdas/shared/aws/clients.ts';
import { createSqsBroker } from '../../../lambdas/shared/broker/sqs-broker.ts';
import { loadTopology } from '../../../lambdas/shared/broker/topology-file.ts';
import { parseEnv } from '../../../lambdas/shared/env.ts';
import { createDynamoDbRelay } from '../../../lambdas/shared/outbox/dynamodb-relay.ts';
import { relayEnvSchema } from '../../../lambdas/shared/outbox/env.ts';
import { createTelemetry } from '../../../lambdas/shared/telemetry/telemetry.ts';

// The outbox relay with one fault: its process dies after the queues have stored their copies and before anything is noted.
const env = parseEnv(relayEnvSchema, process.env);
const now = () => new Date();
const telemetry = createTelemetry();
const broker = createSqsBroker({
  env,
  topology: loadTopology(),
  sqs: sqsClient(),
  scheduler: schedulerClient(),
  s3: s3Client,
  meter: telemetry.meter,
  now,
});

export const handler = createHandler({
  ...createDynamoDbRelay({
    env,
    publisher: {
      accept: broker.accept,
      async deliver(accepted) {
        await broker.deliver(accepted);
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => {});
      },
    },
    documents: documentClient(),
    now,
    ...telemetry,
  }),
  ...telemetry,
});
