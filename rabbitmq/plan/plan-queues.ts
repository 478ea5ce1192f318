import type { Queue, Topology } from '../topology.ts';
import { deadLetterQueueName, sqsQueueName } from './queue-name.ts';

/** What is deployed for one RabbitMQ queue. */
export interface QueuePlan {
  readonly queue: Queue;
  readonly sqsName: string;
  readonly deadLetterSqsName: string;
  /** A delivery limit of N is N + 1 deliveries (rule 4.8.6), and SQS counts deliveries. */
  readonly maxReceiveCount: number;
}

/** RabbitMQ's default for quorum queues since 4.0 (rule 4.8.7). */
const quorumDeliveryLimit = 20;

export interface PlanOptions {
  /** Put before every SQS name: `<app>-<stage>`. */
  readonly namePrefix: string;
  /**
   * Receives before the native dead-letter queue takes a message of a queue that RabbitMQ gives no limit (classic queues):
   * redelivering for ever would hide a message that always fails.
   */
  readonly unlimitedMaxReceiveCount: number;
}

export function planQueues(topology: Topology, options: PlanOptions): QueuePlan[] {
  return topology.queues.map((queue) => {
    const sqsName = sqsQueueName(options.namePrefix, queue);
    return {
      queue,
      sqsName,
      deadLetterSqsName: deadLetterQueueName(sqsName),
      maxReceiveCount: maxReceiveCount(queue, options),
    };
  });
}

function maxReceiveCount({ type, deliveryLimit }: Queue, { unlimitedMaxReceiveCount }: PlanOptions): number {
  if (deliveryLimit !== undefined) return deliveryLimit + 1;
  return type === 'quorum' ? quorumDeliveryLimit + 1 : unlimitedMaxReceiveCount;
}
