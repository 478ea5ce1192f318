import { sqsQueueName } from '../../rabbitmq/plan/queue-name.ts';
import { documentClient, s3Client, sqsClient } from '../shared/aws/clients.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { createSqsSource } from '../shared/consumer/sqs-source.ts';
import { parseEnv } from '../shared/env.ts';
import { createStoredExceptions } from '../shared/exceptions/stored-exceptions.ts';
import { createTakeOut } from '../shared/exceptions/take-out.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';
import { createPark } from './park.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const sqs = sqsClient();
const telemetry = createTelemetry();
const now = () => new Date();
const { keep } = createStoredExceptions({ env, documents: documentClient(), s3: s3Client, now, ...telemetry });

// Called by an operator, for some messages of a queue.
export const handler = createHandler({
  park: createPark({
    queues: loadTopology().queues,
    source: (queue) =>
      createSqsSource(sqs, env.QUEUE_URL_BASE + sqsQueueName(env.QUEUE_NAME_PREFIX, queue), telemetry.log),
    takeOut: createTakeOut({ keep, log: telemetry.log }),
  }),
  log: telemetry.log,
});
