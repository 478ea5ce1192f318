import type { OrderKey } from '../ordering/order-key.ts';
import type { Exchange, Operations, Partitions, Queue, Topology } from '../topology.ts';
import { deadLetterQueueName, sqsQueueName } from './queue-name.ts';

/** CloudFormation takes 500 resources a stack; a queue is at most seven: itself, its dead-letter queue, a policy each, and three alarms. */
export const queuesPerStack = 70;

/** What is deployed for one RabbitMQ queue. */
export interface QueuePlan {
  readonly queue: Queue;
  readonly sqsName: string;
  readonly deadLetterSqsName: string;
  readonly type: 'standard' | 'fifo';
  /** N in force: a message is dead after N + 1 failures. RabbitMQ's, the consumer's own, or the stage's where RabbitMQ has none. */
  readonly deliveryLimit: number;
  /** Whether its consumer counts failures. SQS then only ends what its consumer does not survive. */
  readonly countsFailures: boolean;
  /** Receives before SQS moves a message to the dead-letter queue. */
  readonly maxReceiveCount: number;
  /** Seconds SQS keeps a message, where the queue's TTL decides that; `undefined` is the stage's own. */
  readonly retentionSeconds?: number | undefined;
}

export interface Plan {
  /** The topology with its delay queues marked: what travels to the functions. */
  readonly topology: Topology;
  readonly queues: readonly QueuePlan[];
  /** Queues that are not created, because nothing consumes them but time. */
  readonly delayQueues: readonly Queue[];
}

/** A consumer that counts how often a message has failed. */
export interface Counting {
  /** Instead of the queue's. */
  readonly deliveryLimit?: number | undefined;
  /** Messages it takes at a time. Default: 1. */
  readonly batchSize?: number | undefined;
  /** How often a message may go back because it is not its turn. Default: never. */
  readonly waits?: number | undefined;
}

export interface PlanOptions {
  /** Put before every SQS name: `<app>-<stage>`. */
  readonly namePrefix: string;
  /**
   * Deliveries of a message of a queue that RabbitMQ gives no limit: redelivering for ever would hide a message that always fails.
   */
  readonly unlimitedMaxReceiveCount: number;
  /** Whether something takes messages out of the queue. Default: nothing does. */
  readonly isConsumed?: ((queue: Pick<Queue, 'vhost' | 'name'>) => boolean) | undefined;
  /** The consumer of a queue that counts failures, with a delivery limit of its own if it has one. Default: none does. */
  readonly countedBy?: ((queue: Pick<Queue, 'vhost' | 'name'>) => Counting | undefined) | undefined;
  /** What the messages of a FIFO queue are ordered by. Default: each such queue as a whole. */
  readonly orderOf?: ((queue: Pick<Queue, 'vhost' | 'name'>) => OrderKey | undefined) | undefined;
  /** Of an exchange whose queues are partitions. Default: none is. */
  readonly partitionsOf?: ((exchange: Pick<Exchange, 'vhost' | 'name'>) => Partitions | undefined) | undefined;
  /** What operators are told of a queue's messages. Default: nothing. */
  readonly operationsOf?: ((queue: Pick<Queue, 'vhost' | 'name'>) => Operations | undefined) | undefined;
}

/** maxReceiveCount is at most 1000 (SQS API reference, SetQueueAttributes); below 2 one throttled receive would end a message. */
export const receiveCounts = { least: 2, most: 1000 } as const;
/** Seconds. SQS keeps 60 s to 14 days (quotas-queues), and a dead-letter queue must keep longer than the queue it serves. */
export const retention = { least: 60, most: 13 * 24 * 3600 } as const;

/** The effective topology → what is deployed. Pure: the same topology gives the same plan. */
export function planTopology(topology: Topology, options: PlanOptions): Plan {
  const { isConsumed = () => false, orderOf = () => undefined, operationsOf = () => undefined } = options;
  const queues = topology.queues.map((queue): Queue => {
    if (isDelayQueue(queue) && !isConsumed(queue)) return { ...queue, delayQueue: true };
    const orderBy = queue.singleActiveConsumer ? orderOf(queue) : undefined;
    const operations = operationsOf(queue);
    return { ...queue, ...(orderBy && { orderBy }), ...(operations && { operations }) };
  });
  return {
    topology: { ...topology, exchanges: topology.exchanges.map((one) => withPartitions(one, options)), queues },
    queues: queues.filter(({ delayQueue }) => !delayQueue).map((queue) => planQueue(queue, options)),
    delayQueues: queues.filter(({ delayQueue }) => delayQueue),
  };
}

function withPartitions(exchange: Exchange, { partitionsOf }: PlanOptions): Exchange {
  const partitions = partitionsOf?.(exchange);
  return partitions ? { ...exchange, partitions } : exchange;
}

/** TTL and a dead-letter exchange: what is in it moves on by itself, and that is what it is for when nobody consumes it. */
function isDelayQueue({ messageTtl, deadLetterExchange }: Queue): boolean {
  return messageTtl !== undefined && deadLetterExchange !== undefined;
}

function planQueue(queue: Queue, options: PlanOptions): QueuePlan {
  const sqsName = sqsQueueName(options.namePrefix, queue);
  return {
    queue,
    sqsName,
    deadLetterSqsName: deadLetterQueueName(sqsName),
    type: queue.singleActiveConsumer ? 'fifo' : 'standard',
    ...limitsOf(queue, options),
    ...retentionOf(queue),
  };
}

/**
 * A delivery limit of N is N + 1 deliveries (rule 4.8.6). SQS counts receives, and so stands for it where nobody counts failures. Where somebody
 * does, SQS hands out twice as often: for a lock, an outage or a lack of time no message dies. In a FIFO queue's batch a message is received
 * whenever one in front of it fails, too. Where messages wait for their turn there is room for that.
 */
function limitsOf(
  queue: Queue,
  { unlimitedMaxReceiveCount, countedBy }: PlanOptions,
): Pick<QueuePlan, 'deliveryLimit' | 'countsFailures' | 'maxReceiveCount'> {
  const counting = countedBy?.(queue);
  const deliveryLimit = counting?.deliveryLimit ?? queue.deliveryLimit ?? unlimitedMaxReceiveCount - 1;
  const inFront = queue.singleActiveConsumer ? (counting?.batchSize ?? 1) : 1;
  const wanted = (deliveryLimit + 1) * (counting ? 2 * inFront : 1) + (counting?.waits ?? 0);
  return {
    deliveryLimit,
    countsFailures: counting !== undefined,
    maxReceiveCount: Math.min(Math.max(wanted, receiveCounts.least), receiveCounts.most),
  };
}

/** Retention deletes and never dead-letters: it stands for a TTL only where nothing is to be dead-lettered (rule 4.7.1). */
function retentionOf({ messageTtl, deadLetterExchange }: Queue): Pick<QueuePlan, 'retentionSeconds'> {
  if (messageTtl === undefined || deadLetterExchange !== undefined) return {};
  const seconds = Math.ceil(messageTtl / 1000);
  return { retentionSeconds: Math.min(Math.max(seconds, retention.least), retention.most) };
}
