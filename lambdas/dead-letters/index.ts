import { documentClient, s3Client, schedulerClient, sqsClient } from '../shared/aws/clients.ts';
import { createS3Claims } from '../shared/broker/s3-claims.ts';
import { loadTopology } from '../shared/broker/topology-file.ts';
import { queuesByDeadLetterQueue } from '../shared/consumer/dead-letter-queues.ts';
import { createLastChance } from '../shared/consumer/last-chance.ts';
import { createResolveReplay } from '../shared/consumer/resolve-replay.ts';
import { createSqsBurial } from '../shared/consumer/sqs-burial.ts';
import { parseEnv } from '../shared/env.ts';
import { createStoredExceptions } from '../shared/exceptions/stored-exceptions.ts';
import { createTelemetry } from '../shared/telemetry/telemetry.ts';
import { envSchema } from './env.ts';
import { createHandler } from './handler.ts';

// Once per cold start.
const env = parseEnv(envSchema, process.env);
const topology = loadTopology();
const telemetry = createTelemetry();
const deps = { env, topology, s3: s3Client, now: () => new Date(), ...telemetry };
const { keep, exceptions } = createStoredExceptions({ ...deps, documents: documentClient() });

// Called by AWS, once per batch of a dead-letter queue.
export const handler = createHandler({
  queueOf: queuesByDeadLetterQueue(topology, env.QUEUE_NAME_PREFIX),
  bury: createSqsBurial({ ...deps, sqs: sqsClient(), scheduler: schedulerClient(), keep }),
  keepAtLastChance: createLastChance({ ...deps, keep, keepAfterSeconds: env.KEEP_AFTER_SECONDS }),
  resolveReplay: createResolveReplay(exceptions),
  claims: createS3Claims({ s3: s3Client, bucket: env.CLAIM_BUCKET }),
  ...telemetry,
});
