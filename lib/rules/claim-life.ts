import { longestDelayMs } from '../../rabbitmq/plan/delay-limits.ts';
import type { AppModel } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { at, knownNumber } from './properties.ts';
import { retentionSeconds } from './queue-retention.ts';
import { defineRule } from './rule.ts';

/**
 * A body that lies in S3 outlives every message that claims it: one may be delayed as long as RabbitMQ delays, wait in its queue until its
 * retention ends, and wait in a dead-letter queue until somebody redrives it. A message whose body is gone can never be handled.
 */
export const claimLife = defineRule({
  id: 'Warren-ClaimLife',
  subjects: claimBuckets,
  path: ({ bucket }) => bucket.path,
  refusals: [
    {
      condition: ({ bucket }) => expiringRules(bucket).length === 0,
      problem: () => 'no lifecycle rule deletes its objects, so bodies are kept, and paid for, for ever',
      fix: ({ seconds }) => `add a lifecycle rule with ExpirationInDays above ${days(seconds())}`,
    },
    {
      condition: ({ bucket, seconds }) => expiries(bucket).some((expiry) => expiry * 86_400 <= seconds()),
      problem: ({ bucket, seconds }) =>
        `it deletes bodies after ${Math.min(...expiries(bucket))} days, but a message can wait for ${days(seconds())} ` +
        '(longest delay, longest retention, longest dead-letter retention)',
      fix: ({ seconds }) =>
        `set ExpirationInDays above ${days(seconds())}, computed from the same config as the retentions`,
    },
  ],
});

function claimBuckets({ resources, queues, deadLetterQueues }: AppModel) {
  const buckets = resources
    .ofType('AWS::Lambda::Function')
    .flatMap((fn) =>
      at(fn.properties, 'Environment', 'Variables', 'CLAIM_BUCKET').flatMap((name) =>
        resources.referredTo(name, fn).filter(({ type }) => type === 'AWS::S3::Bucket'),
      ),
    );
  const seconds = (): number =>
    longestDelayMs / 1000 +
    longest(queues.filter((queue) => !deadLetterQueues.has(queue))) +
    longest([...deadLetterQueues]);
  return [...new Set(buckets)].map((bucket) => ({ bucket, seconds }));
}

function expiringRules({ properties }: Resource): unknown[] {
  return at(properties, 'LifecycleConfiguration', 'Rules').filter(
    (rule) => at(rule, 'Status')[0] !== 'Disabled' && at(rule, 'ExpirationInDays').length > 0,
  );
}

/** In days, of every rule in force, whatever objects it is for: none may be shorter. */
function expiries(bucket: Resource): number[] {
  return expiringRules(bucket).map((rule) => {
    const [ExpirationInDays] = at(rule, 'ExpirationInDays');
    return knownNumber({ ...bucket, properties: { ExpirationInDays } }, 'ExpirationInDays');
  });
}

function longest(queues: readonly Resource[]): number {
  return Math.max(0, ...queues.map(retentionSeconds));
}

const days = (seconds: number): number => Math.ceil(seconds / 86_400);
