import { retentionSeconds } from './queue-retention.ts';
import { defineRule } from './rule.ts';

/**
 * A standard queue's message keeps its first enqueue time when it is dead-lettered, so the dead-letter queue holds it only for the
 * difference; with equal retention, possibly not at all.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
 */
export const deadLetterRetention = defineRule({
  id: 'Warren-DeadLetterRetention',
  subjects: (app) =>
    app.redrives.flatMap(({ source, deadLetterQueue }) => (deadLetterQueue ? [{ source, deadLetterQueue }] : [])),
  path: ({ deadLetterQueue }) => deadLetterQueue.path,
  refusals: [
    {
      condition: ({ source, deadLetterQueue }) => retentionSeconds(deadLetterQueue) <= retentionSeconds(source),
      problem: ({ source, deadLetterQueue }) =>
        `the dead-letter queue keeps messages ${retentionSeconds(deadLetterQueue)} s, not longer than its source queue ` +
        `${source.path} (${retentionSeconds(source)} s), and the time in the source counts`,
      fix: () =>
        'set MessageRetentionPeriod of the dead-letter queue to 1209600 s (14 days) and that of its source lower',
    },
  ],
});
