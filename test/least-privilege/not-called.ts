/** IAM action → why it stays. */
export type Reasons = Readonly<Record<string, string>>;

const longDelay = 'what it dead-letters or sends may have to wait for over 15 minutes: in a schedule';
const schedules: Reasons = { 'iam:PassRole': longDelay, 'scheduler:CreateSchedule': longDelay };
const keeps: Reasons = {
  's3:PutObject': 'a body that SQS does not take is kept in the bucket; the tests publish such by others',
};
const fetches: Reasons = {
  's3:GetObject': 'a message may have its body in the bucket; the tests consume such by others',
};
/** Of a consumer whose messages are small and are dead-lettered at once. */
const consumer: Reasons = { ...schedules, ...keeps, ...fetches };
const failures: Reasons = {
  'sqs:SendMessage': 'Lambda’s, by the function’s role: rows that the stream gives up after six hours',
};
const laterNotices =
  'notices that are sent later, and escalations: the tests wait for no half hour, and run the handler by the contracts';
const noMetrics =
  'the local AWS has no metrics of queues: the sweep finds nothing old there; test/contracts runs it on a queue';
// worked example
const wholeRound =
  'a round through all tables: what other tests put there by hand would be hundreds of differences; test/contracts runs its readers';

/**
 * What is granted to functions and no integration test makes them call, by their folder. Each stays for a reason; the test holds that it is
 * granted, and that none of it is called.
 */
export const notCalled: Readonly<Record<string, Reasons>> = {
  'circuit-breaker': {
    'dynamodb:Query': 'the acts of an operator who was at the consumer in the same moment: no test meets that moment',
  },
  'dead-letters': { ...schedules, ...keeps },
  'delayed-publish': consumer,
  'exception-notices': failures,
  // worked example
  fulfilment: consumer,
  // worked example
  ledger: {
    ...consumer,
  },
  // worked example
  'ledger-balance': failures,
  // worked example
  'merchant-webhook': consumer,
  // worked example
  'order-cache': {
    ...consumer,
    'dynamodb:PutItem':
      'every consumer may write its idempotency record, and orders where the cache is a table: in the tests it is Valkey',
  },
  // worked example
  'order-cache-rebuild': { 'dynamodb:PutItem': 'where the cache is a table; in the integration tests it is Valkey' },
  // worked example
  'order-saga': consumer,
  // worked example
  'order-timeouts': consumer,
  // worked example
  stock: consumer,
  // worked example
  'compare-books': {
    'dynamodb:BatchGetItem': wholeRound,
    'dynamodb:PutItem': wholeRound,
    'dynamodb:Scan': wholeRound,
  },
  // worked example
  'daily-bill': {
    'dynamodb:GetItem': 'an order or refund that the bill names and the index has not: in the tests they agree',
    'dynamodb:UpdateItem': 'a difference is an exception: in the tests there is none',
  },
  // worked example
  orders: schedules,
  // worked example
  reconcile: { ...schedules, ...keeps },
  // worked example
  refunds: consumer,
  'on-call-watch': {
    'dynamodb:GetItem': laterNotices,
    'dynamodb:PutItem': laterNotices,
    'dynamodb:Query': laterNotices,
    'sns:Publish': laterNotices,
  },
  'outbox-relay': keeps,
  'outbox-sweep': { ...schedules, ...keeps },
  park: keeps,
  'publish-http': {
    ...schedules,
    ...keeps,
    'dynamodb:PutItem': 'outbox mode over HTTP: the tests ask it of `publish`',
  },
  replay: consumer,
  'retention-sweep': {
    ...keeps,
    'dynamodb:UpdateItem': noMetrics,
    'sqs:ChangeMessageVisibility': noMetrics,
    'sqs:DeleteMessage': noMetrics,
    'sqs:ReceiveMessage': noMetrics,
  },
  // worked example
  'wechat-pay-notify': { ...schedules, ...keeps },
};
