import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Queue, Topology } from '../../../rabbitmq/topology.ts';
import { documentClient } from '../aws/clients.ts';
import { createS3Claims } from '../broker/s3-claims.ts';
import { queueUrls } from '../broker/sqs-broker.ts';
import { createDynamoDbCircuits } from '../circuit/dynamodb-circuits.ts';
import { createStoredExceptions } from '../exceptions/stored-exceptions.ts';
import { sqsPartitionGuard } from '../partitions/sqs-partitions.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { createBatchLoop } from './batch-loop.ts';
import { createCircuit } from './circuit.ts';
import { consumedQueue, keyPrefixOf } from './consumed-queue.ts';
import type { BatchConsumer, Consumer } from './consumer.ts';
import { createDynamoDbFailures } from './dynamodb-failures.ts';
import type { ConsumerEnv } from './env.ts';
import { createIdempotencyGuard } from './idempotency.ts';
import { createLastChance } from './last-chance.ts';
import { createRecordLoop } from './record-loop.ts';
import { createResolveReplay } from './resolve-replay.ts';
import { createSqsBurial } from './sqs-burial.ts';
import { createSqsReceipts } from './sqs-receipts.ts';

export interface SqsConsumerDeps {
  readonly env: ConsumerEnv;
  readonly topology: Topology;
  readonly sqs: SQSClient;
  readonly scheduler: SchedulerClient;
  readonly s3: () => Promise<S3Client>;
  readonly dynamoDb: DynamoDBClient;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** A consumer of one partition would take what comes of the others for its own, and their markers too. */
export class IsPartitionError extends Error {
  override readonly name = 'IsPartitionError';

  constructor({ name }: Pick<Queue, 'name'>) {
    super(
      `'${name}' is a partition: its consumer is made by createSqsPartitionsConsumer, of all of them (docs/partitions.md)`,
    );
  }
}

/**
 * The record loop on real SQS and DynamoDB: what every consumer's `index.ts` exports. `sharedKeyPrefix` keeps business keys apart from those of others:
 * default, of other queues. Without it, throws an `IsPartitionError` for a partition.
 */
export function createSqsConsumer<Body>(
  consumer: Consumer<Body> | BatchConsumer<Body>,
  deps: SqsConsumerDeps,
  sharedKeyPrefix?: string,
) {
  const { env, topology, sqs, dynamoDb, now, log, meter } = deps;
  const queue = consumedQueue(topology, consumer);
  const keyPrefix = sharedKeyPrefix ?? keyPrefixOf(consumer);
  const expiresAfterSeconds = env.IDEMPOTENCY_EXPIRES_AFTER_SECONDS;
  const documents = documentClient(dynamoDb);
  const { keep, exceptions } = createStoredExceptions({ ...deps, documents });
  const common = {
    queue,
    dialect: topology.dialect,
    bury: createSqsBurial({ ...deps, documents, keep }),
    keepAtLastChance: createLastChance({ keep, keepAfterSeconds: env.KEEP_AFTER_SECONDS, now, log }),
    failures: createDynamoDbFailures(documents, { table: env.IDEMPOTENCY_TABLE, keyPrefix, expiresAfterSeconds, now }),
    deliveryLimit: env.DELIVERY_LIMIT,
    maxReceives: env.MAX_RECEIVES,
    resolveReplay: createResolveReplay(exceptions),
    claims: createS3Claims({ s3: deps.s3, bucket: env.CLAIM_BUCKET }),
    receipts: createSqsReceipts(sqs, queueUrls(env)(queue), log),
    circuit: createCircuit({
      circuits: createDynamoDbCircuits(documents, env.CIRCUITS_TABLE),
      queue: queue.name,
      consumer: env.CONSUMER,
      opensAfter: env.CIRCUIT_OPENS_AFTER,
      firstProbeSeconds: env.CIRCUIT_FIRST_PROBE_SECONDS,
      now,
      log,
    }),
    retrySeconds: {
      min: env.RETRY_MIN_SECONDS,
      max: env.RETRY_MAX_SECONDS,
      schedule: env.RETRY_SCHEDULE_SECONDS,
    },
    now,
    log,
    meter,
  };
  if ('handleAll' in consumer) return createBatchLoop(consumer, common);
  const idempotency = createIdempotencyGuard({
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: env.IDEMPOTENCY_TABLE, awsSdkV3Client: dynamoDb }),
    keyPrefix,
    expiresAfterSeconds,
  });
  const partition = sqsPartitionGuard(queue, { ...deps, documents });
  if (partition && sharedKeyPrefix === undefined) throw new IsPartitionError(queue);
  return createRecordLoop(consumer, { ...common, idempotency, partition });
}
