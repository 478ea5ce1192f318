import type { SweptQueue } from '../lambdas/retention-sweep/env.ts';
import type { QueueWithDeadLetters } from './constructs/queue-with-dead-letters.ts';
import { keptAfter, sweptAfter } from './retention-margin.ts';

/**
 * The queues whose messages must not end by SQS's retention: all, and all dead-letter queues, but for those whose retention stands for the
 * TTL they have in RabbitMQ.
 */
export function sweptQueues(deployed: readonly QueueWithDeadLetters[]): SweptQueue[] {
  return deployed.flatMap((source) => {
    const { plan, retention, deadLetters } = source;
    const { vhost, name, deadLetterExchange, operations } = plan.queue;
    const common = {
      queue: { vhost, name, ...(operations && { operations }) },
      dropsExpired: deadLetterExchange === undefined,
    };
    const after = sweptAfter(source);
    const behind = {
      ...common,
      sqsName: plan.deadLetterSqsName,
      retentionSeconds: deadLetters.retention.toSeconds(),
      sweepAfterSeconds: keptAfter(deadLetters.retention).toSeconds(),
      isDeadLetterQueue: true,
    };
    if (!after) return [behind];
    const own = {
      ...common,
      sqsName: plan.sqsName,
      retentionSeconds: retention.toSeconds(),
      sweepAfterSeconds: after.toSeconds(),
      isDeadLetterQueue: false,
    };
    return [own, behind];
  });
}
