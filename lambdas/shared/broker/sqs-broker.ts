import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type NamedQueue, sqsQueueName } from '../../../rabbitmq/plan/queue-name.ts';
import type { Topology } from '../../../rabbitmq/topology.ts';
import { sqsPartitions } from '../partitions/sqs-partitions.ts';
import { pause } from '../pause.ts';
import type { Meter } from '../telemetry/telemetry.ts';
import { type Broker, createBroker, type Publisher, type Resumer } from './broker.ts';
import { createSqsDelays } from './delays.ts';
import { createSqsDepths } from './depths.ts';
import type { BrokerEnv } from './env.ts';
import { createOverflowGate } from './overflow-gate.ts';
import { createSqsQueueSender } from './queue-sender.ts';
import { createS3Claims } from './s3-claims.ts';

/** The URL of a queue follows from its name, so no function needs a variable per queue. */
export function queueUrls(env: BrokerEnv): (queue: NamedQueue) => string {
  return (queue) => env.QUEUE_URL_BASE + sqsQueueName(env.QUEUE_NAME_PREFIX, queue);
}

export interface SqsBrokerDeps {
  readonly env: BrokerEnv;
  readonly topology: Topology;
  readonly sqs: SQSClient;
  readonly scheduler: SchedulerClient;
  /** Called when a body is first too large for SQS. */
  readonly s3: () => Promise<S3Client>;
  readonly meter: Meter;
  /** Default: made when it is needed, which it is for partitioned exchanges alone. */
  readonly documents?: DynamoDBDocumentClient | undefined;
  readonly now: () => Date;
}

/** The broker on real SQS queues. */
export function createSqsBroker({
  env,
  topology,
  sqs,
  scheduler,
  s3,
  meter,
  documents,
  now,
}: SqsBrokerDeps): Broker & Publisher & Resumer {
  const patience = { maxAttempts: 3, sleep: pause, random: Math.random };
  const sender = createSqsQueueSender({ sqs, ...patience });
  const delays = createSqsDelays({
    scheduler,
    sender,
    delayedQueue: { url: env.DELAYED_QUEUE_URL, arn: env.DELAYED_QUEUE_ARN },
    schedules: {
      group: env.SCHEDULE_GROUP,
      roleArn: env.SCHEDULE_ROLE_ARN,
      deadLetterArn: env.SCHEDULE_DEAD_LETTER_ARN,
    },
    now,
    ...patience,
  });
  return createBroker({
    topology,
    queueUrl: queueUrls(env),
    gate: createOverflowGate({
      depths: createSqsDepths({ sqs, queueUrl: queueUrls(env), meter }),
      maxAgeMs: env.QUEUE_DEPTH_MAX_AGE_MS,
      now,
    }),
    sender,
    delays,
    partitions: sqsPartitions({ env, topology, documents, now }),
    claims: createS3Claims({ s3, bucket: env.CLAIM_BUCKET }),
    maxBodyBytes: env.MAX_BODY_BYTES,
    now,
    random: Math.random,
  });
}
