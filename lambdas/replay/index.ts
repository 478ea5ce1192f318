import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createS3Claims } from '../shared/broker/s3-claims.ts';
import { createSqsBroker } from '../shared/broker/sqs-broker.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { parseEnv } from '../shared/env.ts';
import { createDynamoDbExceptionStore } from '../shared/exceptions/dynamodb-exception-store.ts';
import { createDynamoDbExceptions } from '../shared/exceptions/dynamodb-exceptions.ts';
import { exceptionsTable } from '../shared/exceptions/env.ts';
import { createReplayException } from '../shared/exceptions/replay-exception.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { loadConsumedQueues } from './consumed-queues.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const telemetry = createTelemetry();
const now = () => new Date();
const documents = documentClient();
const table = { ...exceptionsTable(env), now };

// Called by an operator, with some rows of the exceptions table.
export const handler = createHandler({
  replay: createReplayException({
    store: createDynamoDbExceptionStore(documents, table),
    exceptions: createDynamoDbExceptions(documents, { ...table, ...telemetry }),
    broker: createSqsBroker({
      env,
      topology: loadTopology(),
      sqs: sqsClient(),
      scheduler: schedulerClient(),
      s3: s3Client,
      meter: telemetry.meter,
      now,
    }),
    claims: createS3Claims({ s3: s3Client, bucket: env.CLAIM_BUCKET }),
    isResolvedByConsumer: loadConsumedQueues(),
    now,
  }),
  ...telemetry,
});
