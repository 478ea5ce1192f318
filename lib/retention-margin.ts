import { Duration } from 'aws-cdk-lib';
import type { QueuePlan } from '../rabbitmq/plan/plan-topology.ts';
import { retentionMargin } from './config.ts';

/** How long before SQS deletes a message it is taken out of its queue: the usual margin, of a short retention at most a quarter. */
export function marginOf(retention: Duration): Duration {
  return Duration.seconds(Math.floor(Math.min(retentionMargin.toSeconds(), retention.toSeconds() / 4)));
}

/** The age at which a message of a queue with this retention becomes an exception. */
export function keptAfter(retention: Duration): Duration {
  return retention.minus(marginOf(retention));
}

/** The same for a queue. Undefined where the retention stands for the TTL it has in RabbitMQ: there, going is what messages are meant to do. */
export function sweptAfter({ plan, retention }: { readonly plan: QueuePlan; readonly retention: Duration }) {
  const { messageTtl } = plan.queue;
  const isEndedByTtl =
    plan.retentionSeconds !== undefined && messageTtl !== undefined && messageTtl <= retention.toMilliseconds();
  return isEndedByTtl ? undefined : keptAfter(retention);
}
