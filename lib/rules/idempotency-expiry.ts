import type { AppModel } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { at, knownNumber } from './properties.ts';
import { retentionSeconds } from './queue-retention.ts';
import { defineRule } from './rule.ts';

const EXPIRY = 'IDEMPOTENCY_EXPIRES_AFTER_SECONDS';

/**
 * A record of the idempotency table outlives every copy of its message: the last may come out of the dead-letter queue, redriven, after
 * the source's retention and the dead-letter queue's. An hour, Powertools' default, would apply that effect twice.
 * https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export const idempotencyExpiry = defineRule({
  id: 'Warren-IdempotencyExpiry',
  subjects: idempotentConsumptions,
  path: ({ fn }) => fn.path,
  refusals: [
    {
      condition: ({ fn, seconds }) => expiryOf(fn) <= seconds(),
      problem: ({ fn, queue, seconds }) =>
        `${EXPIRY} is ${expiryOf(fn)}, but a message of ${queue.path} can come back for ${seconds()} s (retention, dead-letter retention)`,
      fix: ({ seconds }) => `set ${EXPIRY} above ${seconds()}, computed from the same config as the retentions`,
    },
  ],
});

function idempotentConsumptions({ consumptions, redrives }: AppModel) {
  return consumptions
    .filter(({ fn }) => at(fn.properties, 'Environment', 'Variables', 'IDEMPOTENCY_TABLE').length > 0)
    .map(({ fn, queue }) => {
      const deadLetterQueue = redrives.find(({ source }) => source === queue)?.deadLetterQueue;
      const kept = deadLetterQueue ? [queue, deadLetterQueue] : [queue];
      return { fn, queue, seconds: () => kept.map(retentionSeconds).reduce((sum, retention) => sum + retention) };
    });
}

const expiryOf = (fn: Resource) => knownNumber(fn, `Environment.Variables.${EXPIRY}`);
