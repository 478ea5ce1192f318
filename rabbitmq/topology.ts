import type { Dialect } from './dialect.ts';
import type { Headers } from './message.ts';
import type { OrderKey } from './ordering/order-key.ts';

/**
 * What a broker with the given definitions holds, in plain data: it travels to the functions as JSON. Policies are resolved:
 * each object has the settings that are in force.
 */
export interface Topology {
  readonly dialect: Dialect;
  /** Declared ones; those that objects name exist besides. */
  readonly vhosts?: readonly string[] | undefined;
  /** Declared ones, and predeclared ones that a policy gives an alternate exchange; the other predeclared ones exist besides. */
  readonly exchanges: readonly Exchange[];
  readonly queues: readonly Queue[];
  readonly bindings: readonly Binding[];
}

/** Types that decide by bindings. `x-delayed-message` is no type of its own: see `Exchange.delayed`. */
export const exchangeTypes = [
  'direct',
  'fanout',
  'topic',
  'headers',
  'x-consistent-hash',
  'x-modulus-hash',
  'x-random',
] as const;
export type ExchangeType = (typeof exchangeTypes)[number];

/** Properties a consistent-hash exchange can hash (rule 4.10.3). */
export const hashableProperties = ['correlation_id', 'message_id', 'timestamp'] as const;

export type HashOn =
  | { readonly header: string; readonly property?: undefined }
  | { readonly property: (typeof hashableProperties)[number]; readonly header?: undefined };

/** How an object was declared, as far as that is not plain to see: what a client that declares it again is compared with. */
export interface Declared {
  /** Of an exchange, where it is routed as another type. */
  readonly type?: string | undefined;
  /** Default: true. */
  readonly durable?: boolean | undefined;
  /** Default: false. */
  readonly autoDelete?: boolean | undefined;
  /** Those that are compared. */
  readonly arguments?: Headers | undefined;
  /** Of a queue: its vhost's default type. Default: classic. */
  readonly defaultType?: string | undefined;
}

export interface Exchange {
  readonly vhost: string;
  readonly name: string;
  readonly type: ExchangeType;
  readonly internal: boolean;
  readonly alternateExchange?: string | undefined;
  /** Declared as `x-delayed-message`: routes as `type` says, when the message's `x-delay` has passed (rule 4.11.5). */
  readonly delayed?: boolean | undefined;
  /** What a consistent-hash exchange hashes instead of the routing keys. */
  readonly hashOn?: HashOn | undefined;
  /** Of a consistent-hash exchange whose queues are partitions: how many of them there are may change while traffic flows. Default: all are in use. */
  readonly partitions?: Partitions | undefined;
  /** Absent: durable, and nothing else. */
  readonly declared?: Declared | undefined;
}

/** Not RabbitMQ's: `lib/consumers.ts` says it. */
export interface Partitions {
  /** How many are in use before anybody has said otherwise. */
  readonly initial: number;
}

export interface Queue {
  readonly vhost: string;
  readonly name: string;
  readonly type: 'classic' | 'quorum';
  /** RabbitMQ's N: the message is delivered at most N + 1 times (rule 4.8.6). `undefined` is unlimited. */
  readonly deliveryLimit?: number | undefined;
  readonly deadLetterExchange?: string | undefined;
  readonly deadLetterRoutingKey?: string | undefined;
  /** Milliseconds. */
  readonly messageTtl?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxLengthBytes?: number | undefined;
  readonly overflow?: 'drop-head' | 'reject-publish' | 'reject-publish-dlx' | undefined;
  readonly maxPriority?: number | undefined;
  /** One consumer at a time, in order: becomes a FIFO queue. */
  readonly singleActiveConsumer?: boolean | undefined;
  /** Of a FIFO queue: in order by this key, each key for itself. Default: the queue as a whole. */
  readonly orderBy?: OrderKey | undefined;
  readonly delayedRetry?: DelayedRetry | undefined;
  /** What its operators are told. Not RabbitMQ's: `lib/consumers.ts` says it. */
  readonly operations?: Operations | undefined;
  /** Nothing consumes it but time (TTL and dead-letter exchange): no SQS queue, its letters are sent with a delay. */
  readonly delayQueue?: boolean | undefined;
  /** Absent: durable, and nothing else. */
  readonly declared?: Declared | undefined;
}

/** About the messages of a queue that fail. */
export interface Operations {
  /** Who is hurt, and how, while they are not handled: a sentence. */
  readonly impact?: string | undefined;
  /** Paths of fields of the JSON body that are about a person: masked wherever the body is listed, left out of what errors say. */
  readonly personal?: readonly string[] | undefined;
  /** Whatever comes into it is for a person. Default: it is for whoever consumes it. */
  readonly watched?: boolean | undefined;
}

/** Milliseconds; delay = min(min × delivery count, max) (rule 4.8.9). */
export interface DelayedRetry {
  readonly type: 'all' | 'failed' | 'returned';
  readonly min: number;
  readonly max: number;
}

export interface Binding {
  readonly vhost: string;
  readonly source: string;
  readonly destination: string;
  readonly destinationType: 'queue' | 'exchange';
  readonly bindingKey: string;
  /** Of a headers exchange; absent is none. */
  readonly arguments?: Headers | undefined;
}

/** Exchanges every vhost has without declaring them; exports leave them out (rule 4.3.6). */
export const predeclaredExchanges = [
  { name: '', type: 'direct' },
  { name: 'amq.direct', type: 'direct' },
  { name: 'amq.fanout', type: 'fanout' },
  { name: 'amq.topic', type: 'topic' },
  { name: 'amq.headers', type: 'headers' },
  { name: 'amq.match', type: 'headers' },
] as const satisfies readonly Pick<Exchange, 'name' | 'type'>[];

export const defaultExchange = '';

/** Only the broker declares such exchanges: an import skips them (rule 4.3.5). */
export function isPredeclared(exchange: string): boolean {
  return exchange === defaultExchange || exchange.startsWith('amq.');
}
