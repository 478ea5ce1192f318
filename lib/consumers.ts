import type { OrderKey } from '../rabbitmq/ordering/order-key.ts';
import type { QueueAddress } from '../rabbitmq/queue-address.ts';
import type { Operations, Partitions, Topology } from '../rabbitmq/topology.ts';
import { isNamed, type NamedQueue, QueueNotDeclaredError } from './named-queue.ts';

/** The queue of a consumer. */
interface ConsumedQueue extends NamedQueue {
  /** The queue is one of the partitions of an exchange, and the consumer's are all of them. Default: it is its only queue. */
  readonly partitionsOf?: PartitionsOf;
  /** Of a queue with `x-single-active-consumer`: its order is that of each key, and different keys go side by side. Default: one order for all. */
  readonly orderBy?: OrderKey;
  /** What on-call is told of its messages that fail, and which fields of them are about a person. Default: nothing, none. */
  readonly operations?: Operations;
}

/** An x-consistent-hash exchange whose queues, each with `x-single-active-consumer`, are read by one function (docs/partitions.md). */
export interface PartitionsOf {
  readonly exchange: string;
  /** Its queues besides the first, in the order of their bindings: all that may ever be in use. */
  readonly others: readonly string[];
  /** How many are in use until `warren partitions resize` says otherwise. */
  readonly initial: number;
}

/** Which function, by its folder in `lambdas/`, consumes which RabbitMQ queue: `{ queue }` of the default vhost, or `{ vhost, queue }`. */
export const consumers = {
  // worked example
  ledger: {
    queue: 'ledger.entries',
    isOptional: true,
    operations: { impact: 'The books do not show payments that were made.' },
  },
  // worked example
  orders: {
    queue: 'orders.payments',
    isOptional: true,
    operations: {
      impact: 'Customers have paid and their orders are still PAYING, or a refund of theirs is not noted.',
      personal: ['payer.openid'],
    },
  },
  // worked example
  'order-timeouts': {
    queue: 'orders.timeouts',
    isOptional: true,
    operations: { impact: 'Orders that nobody pays stay PAYING, and keep what they reserve.' },
  },
  // worked example
  refunds: {
    queue: 'refunds.requests',
    isOptional: true,
    operations: { impact: 'Customers wait for money that must come back.' },
  },
  // worked example
  'order-cache': {
    queue: 'order-cache.updates',
    isOptional: true,
    operations: { impact: 'Customers may see an older state of their orders.' },
  },
  // worked example
  fulfilment: {
    queue: 'fulfilment.requests',
    isOptional: true,
    operations: { impact: 'Orders that are paid are not sent out.' },
  },
  // worked example
  stock: {
    queue: 'stock.reservations',
    isOptional: true,
    operations: { impact: 'Goods are not laid ready, sold or given back: paid orders wait, and others find too few.' },
  },
  // worked example
  'order-saga': {
    queue: 'orders.saga',
    isOptional: true,
    operations: { impact: 'Paid orders that cannot be delivered are not refunded, or do not come to their end.' },
  },
  // worked example
  'merchant-webhook': {
    queue: 'merchant.notifications',
    isOptional: true,
    operations: { impact: 'The merchant does not hear what became of its orders, unless it asks.' },
  },
} as const satisfies Readonly<Record<string, ConsumedQueue>>;

export type ConsumerName = keyof typeof consumers;

/**
 * Queues that something outside this app consumes. A queue with a TTL and a dead-letter exchange that nobody consumes is a delay
 * and is not created: name it here if that is wrong. Queues of somebody else's topology: `-c consumed=VHOST/QUEUE,…`.
 */
export const consumedElsewhere: readonly NamedQueue[] = [
  // worked example
  { queue: 'analytics.orders', isOptional: true },
  // worked example
  { queue: 'archive.orders', isOptional: true },
  // worked example
  { queue: 'profitsharing.results', isOptional: true },
];

/**
 * Queues in which any message is for a person: letters of the dead-letter exchange, what no binding wanted. They ring on-call as soon
 * as they hold something, and a letter that gets into one is a row of the exceptions table, too.
 */
export const watchedByOnCall: readonly NamedQueue[] = [
  { queue: 'dead-letters', isOptional: true },
  { queue: 'unrouted', isOptional: true },
];

export interface Roles {
  readonly consumers: Readonly<Record<string, ConsumedQueue>>;
  readonly consumedElsewhere: readonly NamedQueue[];
  readonly watchedByOnCall: readonly NamedQueue[];
}

const ours: Roles = { consumers, consumedElsewhere, watchedByOnCall };

/** The consumer of a queue, if it has one. */
export function consumerOf(queue: QueueAddress): string | undefined {
  return Object.entries(ours.consumers).find(([, row]) => reads(row, queue))?.[0];
}

/** Whether the queue is the consumer's, or one of several. */
export function reads(row: ConsumedQueue, queue: QueueAddress): boolean {
  return queuesOf(row).some((one) => isNamed(one, queue));
}

/** All queues of a consumer. */
export function queuesOf({ vhost, queue, partitionsOf }: ConsumedQueue): NamedQueue[] {
  return [queue, ...(partitionsOf?.others ?? [])].map((name) => ({ vhost, queue: name }));
}

/** What an exchange is to the consumer of its partitions, if it has one. */
export function partitionsOf(
  { vhost, name }: QueueAddress,
  { consumers }: Pick<Roles, 'consumers'> = ours,
): Partitions | undefined {
  const row = Object.values(consumers).find(
    (one) => (one.vhost ?? '/') === vhost && one.partitionsOf?.exchange === name,
  );
  return row?.partitionsOf && { initial: row.partitionsOf.initial };
}

/** What the messages of a queue are ordered by, if its consumer says so. */
export function orderOf(queue: QueueAddress, { consumers }: Pick<Roles, 'consumers'> = ours): OrderKey | undefined {
  return Object.values(consumers).find((row) => reads(row, queue))?.orderBy;
}

/** What operators are told of the messages of a queue, if its consumer says so; and whether all in it is for them. */
export function operationsOf(
  queue: QueueAddress,
  { consumers, watchedByOnCall }: Pick<Roles, 'consumers' | 'watchedByOnCall'> = ours,
): Operations | undefined {
  const said = Object.values(consumers).find((row) => reads(row, queue))?.operations;
  return watchedByOnCall.some((one) => isNamed(one, queue)) ? { ...said, watched: true } : said;
}

/** The queue a consumer reads, or the first of them. */
export function queueOf(consumer: ConsumerName): ConsumedQueue {
  const row = ours.consumers[consumer];
  if (!row) throw new Error(`lib/consumers.ts has no consumer '${consumer}'`);
  return row;
}

export function isConsumed(queue: QueueAddress, { consumedElsewhere }: Roles = ours): boolean {
  return consumerOf(queue) !== undefined || consumedElsewhere.some((one) => isNamed(one, queue));
}

export function isWatched(queue: QueueAddress): boolean {
  return watchedByOnCall.some((one) => isNamed(one, queue));
}

/** What else may be behind a missing queue. */
const hints: Readonly<Record<string, string>> = {
  // worked example
  ledger: " 'ledger' is the worked example's: npm run remove-example takes it out.",
  // worked example
  orders: " 'orders' is the worked example's: npm run remove-example takes it out.",
  // worked example
  'order-timeouts': " 'order-timeouts' is the worked example's: npm run remove-example takes it out.",
  // worked example
  fulfilment: " 'fulfilment' is the worked example's: npm run remove-example takes it out.",
  // worked example
  'merchant-webhook': " 'merchant-webhook' is the worked example's: npm run remove-example takes it out.",
};

/**
 * The consumers whose queues a topology has. The app's own file must have all of them, and the other queues that are named here. Another,
 * given by `-c topology=FILE`, may have none at all: it is another app's. Else it may lack the optional ones only: a mistyped queue must
 * not go by unseen. Throws a `QueueNotDeclaredError` with the nearest names, and an `UnorderedQueueError`.
 */
export function consumersIn(
  { queues }: Pick<Topology, 'queues'>,
  { file, isDefault }: { readonly file: string; readonly isDefault: boolean },
  roles: Roles = ours,
): string[] {
  const isThere = (named: NamedQueue): boolean => queues.some((queue) => isNamed(named, queue));
  const all = Object.entries(roles.consumers);
  const there = all.filter(([, row]) => isThere(row)).map(([consumer]) => consumer);
  if (there.length === 0 && !isDefault) return [];
  const named: (readonly [who: string, queue: NamedQueue, hint?: string | undefined])[] = [
    ...all.flatMap(([name, row]) =>
      queuesOf(row).map((one) => [`'${name}' consumes`, { ...one, ...optionalAs(row) }, hints[name]] as const),
    ),
    ...roles.consumedElsewhere.map((queue) => ['consumedElsewhere names', queue] as const),
    ...roles.watchedByOnCall.map((queue) => ['watchedByOnCall names', queue] as const),
  ];
  for (const [who, queue, hint = ''] of named) {
    const mayBeMissing = !isDefault && queue.isOptional === true;
    if (!mayBeMissing && !isThere(queue)) throw new QueueNotDeclaredError(who, queue, file, queues, hint);
  }
  for (const queue of queues) {
    if (orderOf(queue, roles) && !queue.singleActiveConsumer) throw new UnorderedQueueError(queue.name, file);
  }
  return there;
}

function optionalAs({ isOptional }: NamedQueue): Pick<NamedQueue, 'isOptional'> {
  return isOptional === undefined ? {} : { isOptional };
}

/** `lib/consumers.ts` names an order for a queue that has none. */
export class UnorderedQueueError extends Error {
  override readonly name = 'UnorderedQueueError';

  constructor(queue: string, file: string) {
    super(
      `lib/consumers.ts: '${queue}' has an orderBy, and is no FIFO queue: give it "x-single-active-consumer": true in ${file}, or take orderBy away`,
    );
  }
}
