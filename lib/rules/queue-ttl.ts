import { Duration } from 'aws-cdk-lib';
import { marginOf } from '../retention-margin.ts';
import { ttlTag } from '../ttl-tag.ts';
import type { AppModel } from './app-model.ts';
import type { Resource } from './app-resources.ts';
import { at, knownNumber } from './properties.ts';
import { retentionSeconds } from './queue-retention.ts';
import { defineRule } from './rule.ts';

/**
 * A message that is to be dead-lettered when it expires outlives its TTL: SQS would delete it before, and the retention sweep take it out as
 * a fault a margin earlier. Both clocks begin when it is sent.
 */
export const queueTtl = defineRule({
  id: 'Warren-QueueTtl',
  subjects: (app: AppModel) => app.queues.filter((queue) => ttlTags(queue).length > 0),
  path: ({ path }) => path,
  refusals: [
    {
      condition: (queue) => retentionSeconds(queue) < ttlSeconds(queue) + marginSeconds(queue),
      problem: (queue) =>
        `its messages expire after ${ttlSeconds(queue)} s (x-message-ttl) and are then dead-lettered, but SQS keeps them ` +
        `${retentionSeconds(queue)} s, and ${marginSeconds(queue)} s before that they are swept out`,
      fix: (queue) =>
        `shorten x-message-ttl to at most ${(retentionSeconds(queue) - marginSeconds(queue)) * 1000} ms, or raise the ` +
        `retention in lib/config.ts (at most 13 days, less than the dead-letter queue's)`,
    },
  ],
});

function ttlTags({ properties }: Resource): unknown[] {
  return at(properties, 'Tags').filter((tag) => at(tag, 'Key')[0] === ttlTag);
}

function ttlSeconds(queue: Resource): number {
  const [tag] = ttlTags(queue);
  const [Value] = at(tag, 'Value');
  return Math.ceil(knownNumber({ ...queue, properties: { Value } }, 'Value') / 1000);
}

function marginSeconds(queue: Resource): number {
  return marginOf(Duration.seconds(retentionSeconds(queue))).toSeconds();
}
