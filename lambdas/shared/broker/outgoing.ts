import { afterDelays, type Copy, type DelayDeps } from '../../../rabbitmq/dead-lettering/after-delays.ts';
import type { Message } from '../../../rabbitmq/message.ts';
import { longestDelayMs, longestSqsDelayMs } from '../../../rabbitmq/plan/delay-limits.ts';
import type { Stamp } from '../partitions/stamp.ts';
import type { Waiting } from './waiting.ts';

/** A message with the queues RabbitMQ would put it into. */
export interface Routed {
  readonly message: Message;
  readonly queues: readonly string[];
  /** Before it is routed: what `x-delay` or the publisher asked for. */
  readonly delayMs: number;
}

/** A copy for a partition: which message group of it, by which assignment. */
export interface Placed {
  readonly group: string;
  readonly stamp: Stamp;
}

/** What is done about one copy, or about a message that is not copied yet. */
export type Outgoing = {
  /** RabbitMQ's names of the queues it is for. */
  readonly queues: readonly string[];
} & (
  | { readonly copy: Copy; readonly placed?: Placed }
  | { readonly waiting: Waiting }
  /** `permanent`: no later publish of the same message would fare better. */
  | { readonly refused: string; readonly deadLettered?: true; readonly permanent?: true }
);

/**
 * The copies of a message. Those for delay queues go where their delay ends; what is due later than SQS can delay is kept as it is, and
 * routed when it is due (rule 4.11.5).
 */
export function outgoingOf(routed: Routed, deps: Omit<DelayDeps, 'horizonMs'>): Outgoing[] {
  try {
    return copiesOf(routed, deps);
  } catch (error) {
    // Nothing of it is sent, and no other message has to suffer for it.
    return [{ queues: routed.queues, refused: `it cannot be encoded: ${String(error)}`, permanent: true }];
  }
}

function copiesOf({ message, queues, delayMs }: Routed, deps: Omit<DelayDeps, 'horizonMs'>): Outgoing[] {
  const now = deps.now.getTime();
  const waiting = (one: Omit<Waiting, 'dueAt'>): { waiting: Waiting } | { refused: string; permanent: true } =>
    one.delayMs > longestDelayMs
      ? { refused: `a delay of ${one.delayMs} ms is longer than ${longestDelayMs} ms`, permanent: true }
      : { waiting: { ...one, dueAt: now + one.delayMs } };

  if (queues.length > 0 && delayMs > longestSqsDelayMs) {
    return [{ queues, ...waiting({ message, delayMs, next: { step: 'route' } }) }];
  }
  return queues.flatMap((name): Outgoing[] => {
    const queue = deps.queue(message.vhost, name);
    const ends = queue ? afterDelays({ queue, message, delayMs }, { ...deps, horizonMs: longestSqsDelayMs }) : [];
    if (ends.length === 0) {
      return [{ queues: [name], refused: 'it is a delay that ends in no queue', permanent: true }];
    }
    return ends.map((end): Outgoing => {
      if ('letter' in end) {
        const { delayQueue, letter: message, delayMs } = end;
        return { queues: [delayQueue.name], ...waiting({ message, delayMs, next: { step: 'dead-letter' } }) };
      }
      const { queue: to, message, delayMs } = end;
      // A FIFO queue takes no delay of a single message (SQS API reference, SendMessage, DelaySeconds).
      return to.singleActiveConsumer && delayMs > 0
        ? { queues: [to.name], ...waiting({ message, delayMs, next: { step: 'store', queue: to.name } }) }
        : { queues: [to.name], copy: end };
    });
  });
}
