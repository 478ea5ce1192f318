import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { bodyBytesLimits } from '../rabbitmq/publishing/publish.ts';
import type { ConsumerName } from './consumers.ts';
import { isStage, type Stage, stages } from './stages.ts';

/** How long before SQS deletes a message it becomes an exception: a day of hourly tries. A quarter of a retention that is shorter than four days. */
export const retentionMargin = Duration.days(1);

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
      | 'circuitBreaker',
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
    /** So many messages in a row, in one process of the function, fail because something is down. 0: it never opens. */
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
  readonly wechatPay: {
    readonly notify: FunctionSize;
    readonly secretMaxAge: Duration;
    /** Requests that API Gateway lets through to `wechat-pay-notify`. */
    readonly ingress: Throttle;
    /**
     * Without a payment notification for so long on-call hears: whole hours, at most 168. Take the longest silence of an ordinary week: nobody
     * pays at night. It rings until the first payment. Default: never.
     */
    readonly silentFor?: Duration | undefined;
    /** Of one request to WeChat Pay's API; what may pass is asked three times. Three of them fit into the timeout of each function that asks. */
    readonly apiTimeout: Duration;
    readonly reconcile: FunctionSize & {
      /** How long an order waits for its notification before WeChat Pay is asked; then twice as long before it is asked again, and so on. */
      readonly after: Duration;
      /** No order, and no refund, waits longer than that between two questions. */
      readonly longestWait: Duration;
      /** An unpaid order of this age is closed: longer than the payment window of the topology, so that this is left to `order-timeouts`. */
      readonly closeAfter: Duration;
      /** A refund that is open for longer rings. To a bank card it takes one to three working days. */
      readonly refundOverdue: Duration;
      /** WeChat Pay has limits per merchant; most of them are for your own checkout. */
      readonly requestsPerSecond: number;
      /** Payments that are found by asking, in an hour: more of them ring. */
      readonly alarmAboveFound: number;
    };
    /** Of the function by which operators send money back. */
    readonly refundDesk: FunctionSize;
    /** Of the function that compares WeChat Pay's bill of a day with our orders. */
    readonly dailyBill: {
      readonly size: FunctionSize;
      /** When it compares yesterday of Beijing: after 02:00, when WeChat Pay has written that day's bill. */
      readonly at: { readonly utcHour: number; readonly utcMinute: number };
      /** Of one request; a bill is downloaded in one. */
      readonly requestTimeout: Duration;
      /** Of a bill, unpacked. About 300 bytes a row; the function's memory holds several times as much. */
      readonly mostBytes: number;
    };
  };
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
  /** N: a message that has failed N + 1 times is dead. Default: the queue's own (RabbitMQ's `x-delivery-limit`). */
  readonly deliveryLimit?: number | undefined;
  readonly retryMin: Duration;
  readonly retryMax: Duration;
}

// worked example
const ofTheExample: ConsumerConfig = {
  memoryMiB: 512,
  timeout: Duration.seconds(30),
  batchSize: 10,
  maxConcurrency: 10,
  // min(30 s × receives, 15 min) over the eight retries of topology/definitions.json: 18 minutes for an outage to end.
  retryMin: Duration.seconds(30),
  retryMax: Duration.minutes(15),
  lateAfter: Duration.hours(1),
};

const dev: Config = {
  app: 'warren',
  functions: {
    publish: { memoryMiB: 512, timeout: Duration.seconds(30) },
    // API Gateway waits 30 seconds for an answer, and no longer (HTTP API quotas, maximum integration timeout).
    publishHttp: { memoryMiB: 512, timeout: Duration.seconds(29) },
    delayedPublish: { memoryMiB: 512, timeout: Duration.seconds(30) },
    deadLetters: { memoryMiB: 512, timeout: Duration.seconds(30) },
    outboxRelay: { memoryMiB: 512, timeout: Duration.seconds(30) },
    // Less than the minute after which the next one begins.
    outboxSweep: { memoryMiB: 512, timeout: Duration.seconds(50) },
    // Once an hour; what it takes out of full queues is bounded by this.
    retentionSweep: { memoryMiB: 512, timeout: Duration.minutes(5) },
    replay: { memoryMiB: 512, timeout: Duration.minutes(1) },
    park: { memoryMiB: 512, timeout: Duration.minutes(1) },
    exceptionNotices: { memoryMiB: 512, timeout: Duration.seconds(30) },
    // Less than the minute after which the next one begins.
    onCallWatch: { memoryMiB: 512, timeout: Duration.seconds(50) },
    onCallWebhook: { memoryMiB: 256, timeout: Duration.seconds(60) },
    // It waits for a consumer that is at one message.
    circuitBreaker: { memoryMiB: 256, timeout: Duration.minutes(15) },
  },
  queues: { retention: Duration.days(4), unconsumedRetention: Duration.days(13), unlimitedMaxReceiveCount: 10 },
  deadLetters: { retention: Duration.days(14) },
  exceptions: { keepResolved: Duration.days(90) },
  onCall: {
    noticeWindow: Duration.hours(1),
    escalateAfter: Duration.minutes(30),
    gatherFor: Duration.seconds(5),
    lateAfter: Duration.minutes(15),
    // Robots of group chats take some twenty messages a minute: one at a time, by few.
    webhook: {
      batchSize: 10,
      maxConcurrency: 2,
      lateAfter: Duration.minutes(30),
      requestTimeout: Duration.seconds(5),
      secretMaxAge: Duration.minutes(5),
    },
  },
  consumers: {
    // worked example
    // Its batch is one transaction.
    ledger: ofTheExample,
    // worked example
    orders: ofTheExample,
    // worked example
    'order-timeouts': ofTheExample,
    // worked example
    refunds: ofTheExample,
    // worked example
    'order-cache': ofTheExample,
    // worked example
    fulfilment: {
      ...ofTheExample,
      timeout: Duration.seconds(60),
      batchSize: 5,
      // Requests that the merchant has at once.
      maxConcurrency: 5,
    },
  },
  circuit: { opensAfter: 10, firstProbe: Duration.minutes(1), longestProbe: Duration.minutes(15) },
  publishing: { maxBodyBytes: bodyBytesLimits.usual, depthMaxAge: Duration.seconds(1) },
  bodies: { slack: Duration.days(30) },
  // SQS itself delays a message by up to a quarter of an hour.
  delayed: { batchSize: 10, maxConcurrency: 10, lateAfter: Duration.hours(1) },
  drained: { batchSize: 10, maxConcurrency: 2 },
  outbox: {
    keepRelayed: Duration.days(30),
    batchSize: 25,
    overdueAfter: Duration.minutes(15),
    giveUpAfter: Duration.minutes(15),
  },
  idempotencySlack: Duration.days(30),
  logRetention: RetentionDays.ONE_MONTH,
  publishHttp: { rateLimit: 200, burstLimit: 400 },
  // worked example
  wechatPay: {
    notify: { memoryMiB: 512, timeout: Duration.seconds(5) },
    secretMaxAge: Duration.minutes(5),
    ingress: { rateLimit: 200, burstLimit: 400 },
    apiTimeout: Duration.seconds(5),
    reconcile: {
      memoryMiB: 512,
      // Less than the minute after which the next one begins.
      timeout: Duration.seconds(50),
      after: Duration.minutes(5),
      longestWait: Duration.hours(6),
      closeAfter: Duration.hours(1),
      requestsPerSecond: 20,
      alarmAboveFound: 5,
      refundOverdue: Duration.days(3),
    },
    refundDesk: { memoryMiB: 512, timeout: Duration.seconds(30) },
    dailyBill: {
      size: { memoryMiB: 1024, timeout: Duration.minutes(10) },
      at: { utcHour: 2, utcMinute: 30 },
      requestTimeout: Duration.minutes(1),
      mostBytes: 64 * 1024 ** 2,
    },
  },
  // worked example
  orderCache: { life: Duration.days(30), rebuild: { memoryMiB: 512, timeout: Duration.seconds(30) } },
  // worked example
  fulfilment: { requestTimeout: Duration.seconds(6) },
  protectData: false,
  removalPolicy: RemovalPolicy.DESTROY,
};

// worked example
const watched = {
  // Short, so that a message that always fails reaches its dead-letter queue while somebody watches.
  timeout: Duration.seconds(3),
  maxConcurrency: 2,
  retryMin: Duration.seconds(0),
  retryMax: Duration.seconds(1),
} as const;

// worked example
/** Of functions that ask WeChat Pay: three tries of a second, and the retries of a short outage. */
const asking = {
  ...watched,
  timeout: Duration.seconds(10),
  retryMin: Duration.seconds(1),
  retryMax: Duration.seconds(5),
} as const;

/** Every number that differs between stages stands here; constructs and stacks never ask which stage they are in. */
export const configs: Readonly<Record<Stage, Config>> = {
  local: {
    ...dev,
    consumers: {
      ...dev.consumers,
      // worked example
      ledger: { ...ofTheExample, ...watched },
      // worked example
      orders: { ...ofTheExample, ...watched },
      // worked example
      'order-timeouts': { ...ofTheExample, ...asking },
      // worked example
      refunds: { ...ofTheExample, ...asking },
      // worked example
      'order-cache': {
        // 30 seconds of retries: time to stop Valkey, look, and start it again.
        ...ofTheExample,
        timeout: Duration.seconds(10),
        maxConcurrency: 2,
        retryMin: Duration.seconds(1),
        retryMax: Duration.seconds(5),
      },
      // worked example
      fulfilment: {
        ...dev.consumers.fulfilment,
        ...watched,
        timeout: Duration.seconds(20),
        // Time for the circuit to open while the merchant is down: without a delay the same few messages fail until they are dead.
        retryMin: Duration.seconds(1),
        retryMax: Duration.seconds(5),
      },
    },
    circuit: { ...dev.circuit, firstProbe: Duration.seconds(1), longestProbe: Duration.seconds(2) },
    outbox: { ...dev.outbox, giveUpAfter: Duration.seconds(5) },
    // worked example
    wechatPay: {
      ...dev.wechatPay,
      secretMaxAge: Duration.seconds(1),
      apiTimeout: Duration.seconds(1),
      reconcile: {
        ...dev.wechatPay.reconcile,
        after: Duration.seconds(1),
        // Orders that nobody pays stay: to ask about all of them each minute would keep this machine busy.
        longestWait: Duration.minutes(10),
        requestsPerSecond: 200,
      },
    },
    // worked example
    fulfilment: { requestTimeout: Duration.seconds(2) },
  },
  dev,
  prod: {
    ...dev,
    consumers: {
      ...dev.consumers,
      // worked example
      orders: { ...ofTheExample, maxConcurrency: 50 },
      // worked example
      'order-timeouts': { ...ofTheExample, maxConcurrency: 50 },
      // worked example
      'order-cache': { ...ofTheExample, maxConcurrency: 50 },
    },
    // Morning in China.
    onCall: { ...dev.onCall, heartbeatDaily: { utcHour: 1 } },
    logRetention: RetentionDays.THREE_MONTHS,
    publishHttp: { rateLimit: 1000, burstLimit: 2000 },
    // worked example
    wechatPay: {
      ...dev.wechatPay,
      ingress: { rateLimit: 1000, burstLimit: 2000 },
      silentFor: Duration.days(1),
    },
    protectData: true,
    // A first deployment that fails must not leave queues behind under the names the next one needs.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  },
};

/** The numbers of a consumer in `lib/consumers.ts`. */
export function consumerConfig({ consumers }: Pick<Config, 'consumers'>, name: string): ConsumerConfig {
  const found = new Map(Object.entries<ConsumerConfig>(consumers)).get(name);
  if (!found) throw new Error(`lib/config.ts has no numbers for the consumer '${name}'`);
  return found;
}

export class UnknownStageError extends Error {
  override readonly name = 'UnknownStageError';
}

/** The value of `-c stage=…`. Throws an `UnknownStageError` that names the valid ones. */
export function parseStage(value: unknown): Stage {
  if (isStage(value)) return value;
  const given = value === undefined ? 'no stage is given' : `'${String(value)}' is not a stage`;
  throw new UnknownStageError(`${given}: choose ${stages.join(', ')}, as in: npx cdk synth -c stage=dev`);
}
