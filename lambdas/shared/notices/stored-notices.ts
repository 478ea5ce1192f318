import type { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoDbExceptionStore } from '../exceptions/dynamodb-exception-store.ts';
import { exceptionsTable } from '../exceptions/env.ts';
import type { Log, Meter } from '../telemetry/telemetry.ts';
import { createDynamoDbNotices } from './dynamodb-notices.ts';
import { type NoticesEnv, noticeTimes } from './env.ts';
import { createSnsTopic } from './on-call-topic.ts';

export interface StoredNoticesDeps {
  readonly env: NoticesEnv;
  readonly documents: DynamoDBDocumentClient;
  readonly sns: SNSClient;
  readonly now: () => Date;
  readonly log: Log;
  readonly meter: Meter;
}

/** Notices in the real table, told to the real topic. */
export function createStoredNotices({ env, documents, sns, now, log, meter }: StoredNoticesDeps) {
  return {
    notices: createDynamoDbNotices(documents, env.NOTICES_TABLE),
    exceptions: createDynamoDbExceptionStore(documents, { ...exceptionsTable(env), now }),
    onCall: createSnsTopic(sns, env.ON_CALL_TOPIC_ARN),
    stage: env.STAGE,
    times: noticeTimes(env),
    ...{ now, log, meter },
  };
}
