import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createS3Claims } from '../broker/s3-claims.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { createDynamoDbExceptions } from './dynamodb-exceptions.ts';
import { createMessageExceptions, type KeepMessage } from './message-exceptions.ts';

export interface StoredExceptionsDeps {
  readonly env: { readonly EXCEPTIONS_TABLE: string; readonly CLAIM_BUCKET: string };
  readonly documents: DynamoDBDocumentClient;
  readonly s3: () => Promise<S3Client>;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** Exceptions in the real table, what is too large for a row in S3. */
export function createStoredExceptions({ env, documents, s3, now, log, meter }: StoredExceptionsDeps): KeepMessage {
  return createMessageExceptions({
    claims: createS3Claims({ s3, bucket: env.CLAIM_BUCKET }),
    exceptions: createDynamoDbExceptions(documents, { table: env.EXCEPTIONS_TABLE, now, log, meter }),
  });
}
