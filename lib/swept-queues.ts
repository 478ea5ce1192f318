import type { SweptQueue } from '../lambdas/retention-sweep/env.ts';
import type { QueueWithDeadLetters } from './constructs/queue-with-dead-letters.ts';
import { marginOf } from './retention-margin.ts';

/**
 * The queues whose messages must not end by SQS's retention: all, and all dead-letter queues, but for those whose retention stands for the
 * TTL they have in RabbitMQ. There, going is what messages are meant to do.
 */
export function sweptQueues(deployed: readonly QueueWithDeadLetters[]): SweptQueue[] {
  return deployed.flatMap(({ plan, retention, deadLetters }) => {
    const { vhost, name, messageTtl, deadLetterExchange } = plan.queue;
    const common = { queue: { vhost, name }, dropsExpired: deadLetterExchange === undefined };
    const isEndedByTtl =
      plan.retentionSeconds !== undefined && messageTtl !== undefined && messageTtl <= retention.toMilliseconds();
    const source = {
      ...common,
      sqsName: plan.sqsName,
      retentionSeconds: retention.toSeconds(),
      sweepAfterSeconds: retention.minus(marginOf(retention)).toSeconds(),
      isDeadLetterQueue: false,
    };
    const behind = {
      ...common,
      sqsName: plan.deadLetterSqsName,
      retentionSeconds: deadLetters.retention.toSeconds(),
      sweepAfterSeconds: deadLetters.retention.minus(marginOf(deadLetters.retention)).toSeconds(),
      isDeadLetterQueue: true,
    };
    return isEndedByTtl ? [behind] : [source, behind];
  });
}
