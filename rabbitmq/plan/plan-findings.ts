import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';
import type { Model } from '../lints/model.ts';
import type { Queue } from '../topology.ts';
import { deliveryLimitFindings } from './delivery-limit-findings.ts';
import { overflowFindings } from './overflow-findings.ts';
import { type Plan, type PlanOptions, type QueuePlan, retention } from './plan-topology.ts';
import { isNameChanged } from './queue-name.ts';

/** Where what is deployed differs from what RabbitMQ would do, and what it becomes. */
export function planFindings(plan: Plan, { namePrefix, isConsumed }: PlanOptions, model: Model): Problem[] {
  const { pathOf, pathOfArgument } = model;
  const pathOfLimit = (queue: Queue): Path =>
    pathOfArgument(queue, 'queues', queue.maxLength === undefined ? 'x-max-length-bytes' : 'x-max-length');
  return [
    ...plan.topology.exchanges
      .filter(({ delayed }) => delayed)
      .map((exchange) => delayedExchange(exchange.name, pathOf(exchange, 'exchanges'))),
    ...plan.topology.queues.flatMap((queue) => overflowFindings(queue, pathOfLimit(queue))),
    ...plan.queues.flatMap((queuePlan): Problem[] => {
      const { queue } = queuePlan;
      const path = pathOf(queue, 'queues');
      const isUnconsumed = isConsumed !== undefined && !isConsumed(queue);
      return [
        ...(isNameChanged(namePrefix, queue) ? [nameChanged(queuePlan, path)] : []),
        ...(isUnconsumed ? [unconsumed(queue, path)] : []),
        ...ttlFindings(queue, path),
        ...(queue.singleActiveConsumer ? [inOrder(queue, path)] : []),
      ];
    }),
    ...deliveryLimitFindings(plan, model),
  ];
}

function delayedExchange(name: string, path: Path): Problem {
  return {
    class: 'warning',
    code: 'delayed-exchange',
    path,
    message: `'${name}' routes a message that waits up to 15 minutes at once, and its copies wait, to the second; with a longer x-delay the message waits, and is routed when it is due. Either way mandatory looks at the bindings of now.`,
    fix: 'none.',
  };
}

function nameChanged({ sqsName, queue }: QueuePlan, path: Path): Problem {
  return {
    class: 'compatible',
    code: 'name-changed',
    path: [...path, 'name'],
    message: `'${queue.name}' is ${sqsName} on SQS; the RabbitMQ name stays as a tag.`,
    fix: 'none.',
  };
}

function unconsumed({ name }: Queue, path: Path): Problem {
  return {
    class: 'compatible',
    code: 'unconsumed-queue',
    path,
    message: `nothing here consumes '${name}': what is routed to it waits until SQS’s retention ends.`,
    fix: 'none if another system reads it; else name its consumer in lib/consumers.ts, or remove the queue.',
  };
}

function ttlFindings({ name, messageTtl, deadLetterExchange }: Queue, path: Path): Problem[] {
  if (messageTtl === undefined) return [];
  const finding = { class: 'warning', path } as const;
  if (deadLetterExchange !== undefined) {
    return [
      {
        class: 'compatible',
        code: 'ttl-at-delivery',
        path,
        message: `a message of '${name}' that is older than ${messageTtl} ms is dead-lettered when a consumer gets it, not before: it is never handled, but may lie longer.`,
        fix: 'none, if Warren’s consumer reads it; another reader must look at expires_at in the amqp attribute.',
      },
    ];
  }
  const seconds = Math.ceil(messageTtl / 1000);
  if (seconds >= retention.least && seconds <= retention.most) return [];
  const isShort = seconds < retention.least;
  const limit = isShort ? '60 s' : '13 days';
  return [
    {
      ...finding,
      code: isShort ? 'ttl-below-minimum' : 'ttl-above-maximum',
      message: `a TTL of ${messageTtl} ms is ${isShort ? 'below' : 'above'} the ${limit} a queue with a dead-letter queue can keep a message on SQS: '${name}' keeps its messages ${limit}.`,
      fix: `choose a TTL from ${retention.least * 1000} to ${retention.most * 1000} ms.`,
    },
  ];
}

function inOrder({ name, orderBy }: Queue, path: Path): Problem {
  const [where] = Object.entries(orderBy ?? {}).map(([kind, named]) => `${kind} '${named}'`);
  return {
    class: 'compatible',
    code: 'fifo-queue',
    path: [...path, 'arguments', 'x-single-active-consumer'],
    message: `'${name}' becomes a FIFO queue, which takes 300 calls a second or 3,000 messages in batches, with ${where ? `a message group for each ${where}: in order by it, several at a time` : 'one message group: in order, one batch at a time'}.`,
    fix: where
      ? 'none.'
      : 'none, if that is fast enough; else name by orderBy in lib/consumers.ts what must be in order.',
  };
}
