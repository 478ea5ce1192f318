import type { Problem } from '../definitions/finding.ts';
import type { Model } from '../lints/model.ts';
import { type Plan, type QueuePlan, receiveCounts } from './plan-topology.ts';
import { labelsOf } from './queue-label.ts';

/**
 * What a delivery limit, or none, becomes on SQS. No message is lost by it, and on-call hears of each queue that it happens in: worth
 * knowing, no warning. What many queues have in common is one finding, at the first of them. */
export function deliveryLimitFindings({ queues }: Plan, model: Model): Problem[] {
  const unlimited = queues.filter(({ queue }) => queue.deliveryLimit === undefined);
  const dying = queues.filter(
    ({ queue, countsFailures }) =>
      queue.deliveryLimit !== undefined && queue.deadLetterExchange !== undefined && !countsFailures,
  );
  return [
    ...queues.flatMap((plan) => changedLimit(plan, model)),
    ...atFirst(unlimited, model, unlimitedRedelivery),
    ...atFirst(dying, model, limitNotDeadLettered),
  ];
}

function atFirst(
  plans: readonly QueuePlan[],
  { pathOf }: Model,
  say: (first: QueuePlan, plans: readonly QueuePlan[]) => Omit<Problem, 'path'>,
): Problem[] {
  const [first] = plans;
  return first ? [{ ...say(first, plans), path: pathOf(first.queue, 'queues') }] : [];
}

/** Rule 4.8.7. */
function unlimitedRedelivery({ deliveryLimit }: QueuePlan, plans: readonly QueuePlan[]): Omit<Problem, 'path'> {
  return {
    class: 'compatible',
    code: 'unlimited-redelivery',
    message: `RabbitMQ gives ${named(plans)} no delivery limit and redelivers for ever; here a message is delivered ${deliveryLimit + 1} times and is dead then, which rings on-call (rule 4.8.7).`,
    fix: 'none, or set x-delivery-limit on a quorum queue.',
  };
}

/** Rule 4.8.6. */
function limitNotDeadLettered(_: QueuePlan, plans: readonly QueuePlan[]): Omit<Problem, 'path'> {
  return {
    class: 'compatible',
    code: 'limit-not-dead-lettered',
    message: `a consumer of Warren’s dead-letters what is over the delivery limit of ${named(plans)}; what any other consumer receives too often goes to the queue’s own SQS dead-letter queue, which rings on-call, and not to the dead-letter exchange (rule 4.8.6).`,
    fix: 'none; with other consumers look into that queue, too, when you look for dead letters.',
  };
}

function named(plans: readonly QueuePlan[]): string {
  return labelsOf(plans.map(({ queue }) => queue));
}

function changedLimit({ queue, maxReceiveCount, countsFailures }: QueuePlan, { pathOfArgument }: Model): Problem[] {
  const { deliveryLimit, name } = queue;
  if (deliveryLimit === undefined || countsFailures || deliveryLimit + 1 === maxReceiveCount) return [];
  return [
    {
      class: 'warning',
      code: 'delivery-limit-changed',
      path: pathOfArgument(queue, 'queues', 'x-delivery-limit'),
      message: `a delivery limit of ${deliveryLimit} is ${deliveryLimit + 1} deliveries; '${name}' gets ${maxReceiveCount}, because SQS takes ${receiveCounts.least} to ${receiveCounts.most} here.`,
      fix: `choose a limit from ${receiveCounts.least - 1} to ${receiveCounts.most - 1}.`,
    },
  ];
}
