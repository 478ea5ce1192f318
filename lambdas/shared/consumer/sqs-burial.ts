import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createS3Claims } from '../broker/s3-claims.ts';
import { createSqsBroker, type SqsBrokerDeps } from '../broker/sqs-broker.ts';
import { createDynamoDbExceptions } from '../exceptions/dynamodb-exceptions.ts';
import type { Log } from '../telemetry/telemetry.ts';
import { type Bury, createBurial } from './burial.ts';

export interface SqsBurialDeps extends SqsBrokerDeps {
  readonly env: SqsBrokerDeps['env'] & { readonly EXCEPTIONS_TABLE: string };
  readonly documents: DynamoDBDocumentClient;
  readonly log: Log;
}

/** Burial into real queues and the real exceptions table. */
export function createSqsBurial({ documents, log, ...deps }: SqsBurialDeps): Bury {
  const { env, topology, s3, meter, now } = deps;
  return createBurial({
    dialect: topology.dialect,
    broker: createSqsBroker(deps),
    claims: createS3Claims({ s3, bucket: env.CLAIM_BUCKET }),
    exceptions: createDynamoDbExceptions(documents, { table: env.EXCEPTIONS_TABLE, now, log, meter }),
    now,
  });
}
