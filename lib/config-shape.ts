import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ConsumerName } from './consumers.ts';
// worked example
import type { MerchantWebhookConfig } from './merchant-webhook-config.ts';
// worked example
import type { WechatPayConfig } from './wechat-pay-config.ts';

export interface FunctionSize {
  readonly memoryMiB: number;
  readonly timeout: Duration;
}

export interface Config {
  /** Before the stage in every stack and queue name. */
  readonly app: string;
  readonly functions: Readonly<
    Record<
      | 'publish'
      | 'publishHttp'
      | 'delayedPublish'
      | 'deadLetters'
      | 'outboxRelay'
      | 'outboxSweep'
      | 'retentionSweep'
      | 'replay'
      | 'park'
      | 'exceptionNotices'
      | 'onCallWatch'
      | 'onCallWebhook'
      | 'circuitBreaker'
      | 'tableMover'
      | 'tableFollower',
      FunctionSize
    >
  >;
  readonly queues: {
    readonly retention: Duration;
    /** Of queues no function consumes: as long as a dead-letter queue behind them still keeps longer. */
    readonly unconsumedRetention: Duration;
    /** Deliveries after which a message of a queue without a delivery limit is dead. */
    readonly unlimitedMaxReceiveCount: number;
  };
  readonly deadLetters: { readonly retention: Duration };
  /** How long a row stays once nobody waits for it: resolved, discarded, or only recorded. One that waits stays. */
  readonly exceptions: { readonly keepResolved: Duration };
  readonly onCall: {
    /** After a notice, more of the same kind are only counted for so long. */
    readonly noticeWindow: Duration;
    /** A notice that nobody acknowledges is escalated after that, again and again. */
    readonly escalateAfter: Duration;
    /** How long what fails together is gathered for its first notice. Lambda takes up to five minutes. */
    readonly gatherFor: Duration;
    /** Exceptions that are not noticed for longer ring by themselves. */
    readonly lateAfter: Duration;
    /** When a message says that on-call hears, so that its absence is noticed. Default: never. */
    readonly heartbeatDaily?: { readonly utcHour: number } | undefined;
    readonly webhook: QueueReading & {
      /** Of one request to the group chat; a batch of them fits into the function's timeout. */
      readonly requestTimeout: Duration;
      readonly secretMaxAge: Duration;
    };
  };
  readonly consumers: Readonly<Record<ConsumerName, ConsumerConfig>>;
  /** When what a consumer needs is down for everybody, it takes no messages until that is back. */
  readonly circuit: {
    /** So many messages, in one process of the function, fail because something is down, and none is handled in between. 0: it never opens. */
    readonly opensAfter: number;
    /** Then one message is tried; after each try that fails twice as much later, up to `longestProbe`. */
    readonly firstProbe: Duration;
    readonly longestProbe: Duration;
  };
  readonly publishing: {
    /**
     * RabbitMQ's `max_message_size`, in bytes: 1 to 536,870,912, as synth and the functions check. A body over it is 406 (rule 4.5.2). Node
     * holds no string of over 536,870,888 characters, so bytes, which travel as base64, end at 402,653,166.
     */
    readonly maxBodyBytes: number;
    /** How long a publisher goes by what it read of a queue's length (`x-max-length`); what all send meanwhile can pass the limit. */
    readonly depthMaxAge: Duration;
  };
  /** Those that are too large for SQS: how much longer they are kept than a message can wait, for whoever redrives it. */
  readonly bodies: { readonly slack: Duration };
  /** Of the function that sends delayed messages on. */
  readonly delayed: QueueReading;
  /** Of the function that empties dead-letter queues. */
  readonly drained: Pick<ConsumerConfig, 'batchSize' | 'maxConcurrency'>;
  readonly outbox: {
    /** How long a relayed row is kept, for somebody who asks what was told to whom. */
    readonly keepRelayed: Duration;
    readonly batchSize: number;
    /** A row that is undelivered for longer rings on-call, and is no longer left to the stream. */
    readonly overdueAfter: Duration;
    /** When an aggregate has not got any further for so long, what its queues refuse becomes an exception. */
    readonly giveUpAfter: Duration;
  };
  /** Beyond the life of a message in its queue and its dead-letter queue: slack for whoever redrives it. */
  readonly idempotencySlack: Duration;
  readonly logRetention: RetentionDays;
  /** Requests that API Gateway lets through to `publish-http`. */
  readonly publishHttp: Throttle;
  // worked example
  readonly wechatPay: WechatPayConfig;
  // worked example
  readonly orderCache: {
    /** How long an order stays in the cache after it was last put there. */
    readonly life: Duration;
    readonly rebuild: FunctionSize;
  };
  // worked example
  readonly fulfilment: {
    /** Of one request to the merchant. At most a tenth of the function's timeout: whatever record is begun then has all of it. */
    readonly requestTimeout: Duration;
  };
  // worked example
  /** Of an order's goods: how long they lie ready for its payment. Longer than the payment window, so that only what nobody closed expires. */
  readonly stock: { readonly hold: Duration };
  // worked example
  /** Of a paid order: after which it is an exception if it is neither delivered nor refunded. */
  readonly orderSaga: { readonly stuckAfter: Duration };
  // worked example
  readonly merchantWebhook: MerchantWebhookConfig;
  // worked example
  readonly orderNumbers: {
    readonly size: FunctionSize;
    /** Numbers for one write. A process that ends loses up to twice as many, of a quadrillion. */
    readonly segmentSize: number;
    /** A key that was made current is used everywhere after so long. */
    readonly keysMaxAge: Duration;
  };
  // worked example
  /** Of the ledger: what was received and sent back, by currency. */
  readonly balances: {
    readonly size: FunctionSize;
    /** Items that one currency's balance is spread over: each takes some 500 entries a second. 1 to 100, and may be changed at any time. */
    readonly shards: number;
    readonly batchSize: number;
    /** A balance that is further behind the ledger rings on-call. */
    readonly overdueAfter: Duration;
  };
  /** Whether each table and index tells which of its keys DynamoDB throttles, and on-call hears of it. CloudWatch charges for both. */
  readonly hotKeys: { readonly isWatched: boolean };
  // worked example
  readonly compareBooks: {
    readonly size: FunctionSize;
    /** A run goes on where the one before has stopped; the hours as cron has them. */
    readonly at: { readonly utcHours: string; readonly utcMinute: number };
    /** A round begins anew so long after the last one began. */
    readonly roundEvery: Duration;
    /** What has moved less than that ago is on its way, and no difference. */
    readonly settle: Duration;
    /** Rows of one read. */
    readonly pageSize: number;
    /** New ones in one run: with more than that something is wrong as a whole, and the run stops. */
    readonly mostDifferences: number;
  };
  readonly protectData: boolean;
  readonly removalPolicy: RemovalPolicy;
}

/** Requests per second, and at once. */
export interface Throttle {
  readonly rateLimit: number;
  readonly burstLimit: number;
}

/** How a function of Warren's own reads its queue. */
type QueueReading = Pick<ConsumerConfig, 'batchSize' | 'maxConcurrency' | 'lateAfter'>;

export interface ConsumerConfig extends FunctionSize {
  /** A message that waits longer than that rings on-call: nobody consumes the queue, or not fast enough. */
  readonly lateAfter: Duration;
  /** Of a FIFO queue, 1 keeps a message that crashes its function from spending deliveries of those behind it, as a prefetch of 1 does in RabbitMQ. */
  readonly batchSize: number;
  /** Batches in work at once; with the batch size this is RabbitMQ's prefetch. SQS takes 2 to 1000. */
  readonly maxConcurrency: number;
  /** N: a message that has failed N + 1 times is dead. Default: as many as `retrySchedule` has steps, else the queue's own (RabbitMQ's `x-delivery-limit`). */
  readonly deliveryLimit?: number | undefined;
  readonly retryMin: Duration;
  readonly retryMax: Duration;
  /**
   * The delay before each retry, in the place of what `retryMin` and `retryMax` make; its length is then the delivery limit. A step may be twelve
   * hours long. A retry that is no failure of the handler (a table is throttled, a body is not fetched) is no step, and still waits by those two.
   * Default, and without a step: none.
   */
  readonly retrySchedule?: readonly Duration[] | undefined;
}
