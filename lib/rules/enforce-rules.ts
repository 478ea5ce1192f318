import type { App } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { appModel } from './app-model.ts';
import { batchItemFailures } from './batch-item-failures.ts';
import { claimLife } from './claim-life.ts';
import { deadLetterAlarm } from './dead-letter-alarm.ts';
import { deadLetterQueueType, oneSourceQueue } from './dead-letter-queue.ts';
import { deadLetterRetention } from './dead-letter-retention.ts';
import { eventSource } from './event-source.ts';
import { iamActions } from './iam-actions.ts';
import { idempotencyExpiry } from './idempotency-expiry.ts';
import { maxBodyBytes } from './max-body-bytes.ts';
import { maximumConcurrency, reservedConcurrency } from './maximum-concurrency.ts';
import { queueEncryption } from './queue-encryption.ts';
import { queueRow } from './queue-row.ts';
import { queueTls } from './queue-tls.ts';
import { queueTtl } from './queue-ttl.ts';
import { maxReceiveCount, redrivePolicy } from './redrive-policy.ts';
import { retryTime } from './retry-time.ts';
import type { Rule, Violation } from './rule.ts';
import { visibilityTimeout } from './visibility-timeout.ts';

export const rules: readonly Rule[] = [
  eventSource,
  visibilityTimeout,
  retryTime,
  batchItemFailures,
  redrivePolicy,
  maxReceiveCount,
  oneSourceQueue,
  deadLetterQueueType,
  deadLetterRetention,
  deadLetterAlarm,
  queueTtl,
  maximumConcurrency,
  reservedConcurrency,
  idempotencyExpiry,
  claimLife,
  maxBodyBytes,
  queueEncryption,
  queueTls,
  iamActions,
  queueRow,
];

/** Makes every synth of the app fail, listing all violations, while one of the rules is broken anywhere in it. */
export function enforceRules(app: App): void {
  app.node.addValidation({ validate: () => violationsIn(app).map(sentence) });
}

/** What the rules refuse below `root`. Reads the tree only, so a test need not synthesise. */
export function violationsIn(root: IConstruct): Violation[] {
  const app = appModel(root);
  return rules.flatMap((rule) => rule.check(app));
}

export function sentence({ rule, path, problem, fix }: Violation): string {
  return `${rule} at ${path}: ${problem}. Fix: ${fix}.`;
}
