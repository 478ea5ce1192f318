import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createS3Claims } from '../broker/s3-claims.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { createDynamoDbExceptions } from './dynamodb-exceptions.ts';
import { type ExceptionsEnv, exceptionsTable } from './env.ts';
import { createMessageExceptions } from './message-exceptions.ts';

export interface StoredExceptionsDeps {
  readonly env: ExceptionsEnv & { readonly CLAIM_BUCKET: string };
  readonly documents: DynamoDBDocumentClient;
  readonly s3: () => Promise<S3Client>;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** Exceptions in the real table, what is too large for a row in S3. */
export function createStoredExceptions({ env, documents, s3, ...deps }: StoredExceptionsDeps) {
  const exceptions = createDynamoDbExceptions(documents, { ...exceptionsTable(env), ...deps });
  const claims = createS3Claims({ s3, bucket: env.CLAIM_BUCKET });
  return { exceptions, keep: createMessageExceptions({ claims, exceptions }) };
}
