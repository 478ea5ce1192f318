/** Whose behaviour is reproduced: RabbitMQ 3.13 and older, 4.0 to 4.2, 4.3 and later (rules 4.12). */
export const dialects = ['3.13', '4.0', '4.3'] as const;
export type Dialect = (typeof dialects)[number];

export const defaultDialect: Dialect = '4.3';

/** What differs between the dialects; what is not named here is the same in all of them. */
export interface DialectRules {
  /** Of a quorum queue that names none; `undefined` is unlimited (rule 4.8.7). */
  readonly defaultDeliveryLimit: number | undefined;
  /** Whether a negative delivery limit is unlimited, or the least of all limits (rules 4.8.7, 4.8.8; rabbit_quorum_queue.erl). */
  readonly negativeLimitIsNone: boolean;
  /** Whether every redelivery counts towards the delivery limit, or failures only (rules 4.8.3 to 4.8.5). */
  readonly deliveryLimitCounts: 'redeliveries' | 'failures';
  /** Whether a letter that got a key of its own keeps its CC header (rule 4.6.4). */
  readonly letterWithKeyKeepsCc: boolean;
  /** Whether an `x-death` header that a client publishes is continued (rule 4.6.12). */
  readonly clientDeathsContinue: boolean;
  /** `#` words a topic binding may have; existing bindings with more keep routing (rule 4.1.10). */
  readonly maxHashWords: number | undefined;
  /** Whether queues that are neither durable nor exclusive are denied by default. */
  readonly transientQueuesDenied: boolean;
  /** Whether `ha-*` keys mean anything. */
  readonly mirroredQueues: boolean;
  /** Whether `delayed-retry-*` keys exist (rule 4.8.9). */
  readonly delayedRetry: boolean;
  /** Whether a queue that names no type, declared or declared again, is compared as if it named its vhost's default. */
  readonly queueTypeIsFilledIn: boolean;
}

const since40 = {
  defaultDeliveryLimit: 20,
  negativeLimitIsNone: true,
  letterWithKeyKeepsCc: true,
  clientDeathsContinue: false,
  mirroredQueues: false,
  queueTypeIsFilledIn: true,
} as const;

export const dialectRules: Readonly<Record<Dialect, DialectRules>> = {
  '3.13': {
    defaultDeliveryLimit: undefined,
    negativeLimitIsNone: false,
    deliveryLimitCounts: 'redeliveries',
    letterWithKeyKeepsCc: false,
    clientDeathsContinue: true,
    maxHashWords: undefined,
    transientQueuesDenied: false,
    mirroredQueues: true,
    delayedRetry: false,
    queueTypeIsFilledIn: false,
  },
  '4.0': {
    ...since40,
    deliveryLimitCounts: 'redeliveries',
    maxHashWords: undefined,
    transientQueuesDenied: false,
    delayedRetry: false,
  },
  '4.3': {
    ...since40,
    deliveryLimitCounts: 'failures',
    maxHashWords: 2,
    transientQueuesDenied: true,
    delayedRetry: true,
  },
};

/** The dialect a broker of that version speaks, such as `3.12.4` or `4.1.0`; `undefined` when it is no version. */
export function dialectOfVersion(version: string): Dialect | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  if (Number(major) < 4) return '3.13';
  return Number(major) === 4 && Number(minor) < 3 ? '4.0' : '4.3';
}
