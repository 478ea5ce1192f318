import type { S3Client } from '@aws-sdk/client-s3';
import type { SchedulerClient } from '@aws-sdk/client-scheduler';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Topology } from '../../../rabbitmq/topology.ts';
import { createSqsBroker } from '../broker/sqs-broker.ts';
import { createDynamoDbOutbox } from '../outbox/dynamodb-outbox.ts';
import { pause } from '../pause.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import type { PublishingEnv } from './env.ts';
import type { PublishingDeps } from './publishing.ts';

export interface AwsPublishingDeps {
  readonly env: PublishingEnv;
  readonly topology: Topology;
  readonly sqs: SQSClient;
  readonly scheduler: SchedulerClient;
  readonly s3: () => Promise<S3Client>;
  readonly documents: DynamoDBDocumentClient;
  readonly now: () => Date;
  readonly newEventId: () => string;
  readonly log: Log;
  readonly meter: Meter;
}

/** What the producer needs, on real queues and tables. */
export function awsPublishing({ env, documents, newEventId, log, meter, ...aws }: AwsPublishingDeps): PublishingDeps {
  return {
    broker: createSqsBroker({ env, meter, ...aws }),
    outbox: createDynamoDbOutbox(documents, {
      table: env.OUTBOX_TABLE,
      now: aws.now,
      maxAttempts: 3,
      sleep: pause,
      random: Math.random,
    }),
    newEventId,
    log,
    meter,
  };
}
