import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { bodyBytesLimits } from '../rabbitmq/publishing/publish.ts';
import type { Config, ConsumerConfig } from './config-shape.ts';
// worked example
import { wechatPaySchedule } from './merchant-webhook-config.ts';
import type { Stage } from './stages.ts';

/** How long before SQS deletes a message it becomes an exception: a day of hourly tries. A quarter of a retention that is shorter than four days. */
export const retentionMargin = Duration.days(1);

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
    tableMover: { memoryMiB: 512, timeout: Duration.minutes(1) },
    // Writes are closed for longer than it may live.
    tableFollower: { memoryMiB: 512, timeout: Duration.seconds(10) },
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
    // worked example
    stock: ofTheExample,
    // worked example
    'order-saga': ofTheExample,
    // worked example
    'merchant-webhook': {
      ...ofTheExample,
      timeout: Duration.seconds(60),
      batchSize: 5,
      retrySchedule: wechatPaySchedule,
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
  // worked example
  stock: { hold: Duration.hours(2) },
  // worked example
  orderSaga: { stuckAfter: Duration.days(1) },
  // worked example
  merchantWebhook: {
    requestTimeout: Duration.seconds(6),
    keysMaxAge: Duration.minutes(5),
    allowedRanges: [],
    alarmAboveRetries: 20,
    query: { memoryMiB: 512, timeout: Duration.seconds(10), rateLimit: 100, burstLimit: 200 },
  },
  // worked example
  orderNumbers: {
    size: { memoryMiB: 512, timeout: Duration.seconds(10) },
    segmentSize: 1000,
    keysMaxAge: Duration.minutes(5),
  },
  // worked example
  balances: {
    size: { memoryMiB: 512, timeout: Duration.minutes(1) },
    shards: 8,
    batchSize: 100,
    overdueAfter: Duration.minutes(15),
  },
  hotKeys: { isWatched: false },
  // worked example
  compareBooks: {
    size: { memoryMiB: 512, timeout: Duration.minutes(10) },
    // The night of China, when least is on its way.
    at: { utcHours: '17-21', utcMinute: 10 },
    roundEvery: Duration.hours(20),
    // A consumer that is stopped for an evening, or retries as long as it may, makes no differences.
    settle: Duration.hours(6),
    pageSize: 100,
    mostDifferences: 100,
  },
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
      // worked example
      stock: { ...ofTheExample, ...watched },
      // worked example
      'order-saga': { ...ofTheExample, ...watched },
      // worked example
      'merchant-webhook': {
        ...dev.consumers['merchant-webhook'],
        timeout: Duration.seconds(20),
        maxConcurrency: 2,
        retryMax: Duration.seconds(5),
        // As many steps as one can watch.
        retrySchedule: [1, 1, 2, 2, 3].map((seconds) => Duration.seconds(seconds)),
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
    // worked example
    compareBooks: { ...dev.compareBooks, settle: Duration.seconds(1) },
    // worked example
    merchantWebhook: {
      ...dev.merchantWebhook,
      requestTimeout: Duration.seconds(2),
      keysMaxAge: Duration.seconds(1),
      // The merchant of this stage is on this machine.
      allowedRanges: ['127.0.0.0/8', '::1/128'],
    },
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
    hotKeys: { isWatched: true },
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
