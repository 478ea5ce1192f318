import { PassThrough, Readable } from 'node:stream';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createCloudWatchRates } from '../../../bin/warren/backlog/cloudwatch-rates.ts';
import { createLambdaMappings } from '../../../bin/warren/backlog/lambda-mappings.ts';
import { createSqsQueues } from '../../../bin/warren/backlog/sqs-queues.ts';
import type { OperatorDeps } from '../../../bin/warren/backlog/stage.ts';
// worked example
import type { BalancesDeps } from '../../../bin/warren/balances/options.ts';
import type { ExceptionsDeps } from '../../../bin/warren/exceptions/options.ts';
import { createContributorInsights } from '../../../bin/warren/hot-keys/contributor-insights.ts';
import type { HotKeysDeps } from '../../../bin/warren/hot-keys/options.ts';
// worked example
import type { OrdersDeps } from '../../../bin/warren/orders/options.ts';
import { runWarren } from '../../../bin/warren/program.ts';
import { outputsOf } from '../../../bin/warren/publish/find-function.ts';
import { createDynamoDbAuditLog } from '../../../lambdas/shared/audit/dynamodb-audit-log.ts';
import { documentClient } from '../../../lambdas/shared/aws/clients.ts';
// worked example
import { createDynamoDbBalancesReader } from '../../../lambdas/shared/balances/dynamodb-balances-reader.ts';
// worked example
import { createLedgerPages } from '../../../lambdas/shared/balances/ledger-pages.ts';
// worked example
import { createDynamoDbBooks } from '../../../lambdas/shared/books/dynamodb-books.ts';
import { createDynamoDbCircuits } from '../../../lambdas/shared/circuit/dynamodb-circuits.ts';
import { createDynamoDbExceptionStore } from '../../../lambdas/shared/exceptions/dynamodb-exception-store.ts';
// worked example
import { createDynamoDbCounterTotals } from '../../../lambdas/shared/sharded-counter/dynamodb-counter-totals.ts';
// worked example
import { createDynamoDbStorySources } from '../../../lambdas/shared/story/dynamodb-story-sources.ts';
import { actionOf } from '../../support/aws-actions.ts';

const time = '2026-11-27T10:00:00.000Z';
const exception = {
  event_id: '8f1c',
  source: "queue 'work'",
  place: "queue 'work'",
  state: 'open',
  reason: 'retention',
  error_name: 'Error',
  error_message: 'away',
  fingerprint: '0123456789ab',
  occurrences: 1,
  version: 1,
  created_at: time,
  last_at: time,
  body: '{}',
};

/** What an AWS with one queue, nobody's, and one exception answers. */
const answers: Readonly<Record<string, object>> = {
  DescribeStacks: { Stacks: [{ Outputs: [] }] },
  ListQueues: { QueueUrls: ['https://sqs.example/1/warren-prod-work'] },
  GetQueueAttributes: {
    Attributes: { QueueArn: 'arn:aws:sqs:r:1:warren-prod-work', ApproximateNumberOfMessages: '1' },
  },
  ListQueueTags: { Tags: { 'warren:stage': 'prod', 'rabbitmq:vhost': '/', 'rabbitmq:queue': 'work' } },
  ListEventSourceMappings: { EventSourceMappings: [] },
  GetMetricData: { MetricDataResults: [] },
  DescribeContributorInsights: {
    ContributorInsightsStatus: 'ENABLED',
    ContributorInsightsRuleList: ['DynamoDBContributorInsights-PKT-orders-1'],
  },
};

/** Of the table of exceptions, by the document client: its rows are objects already. */
const rows: Readonly<Record<string, object>> = {
  Query: { Items: [exception] },
  GetItem: { Item: exception },
};

// worked example
const ledgerEntry = {
  out_trade_no: '20261123000042',
  state: 'PAYING',
  version: 1,
  amount: { total: 8800, currency: 'CNY' },
  changed_at: time,
  recorded_at: time,
};

type Client = { readonly middlewareStack: { add(middleware: unknown, options: object): void } };

/** A client whose calls are noted by their IAM action, and answered from here. */
function noted<T extends object>(
  client: T & Client,
  packageName: string,
  note: (action: string) => void,
  known = answers,
) {
  client.middlewareStack.add(
    (_next: unknown, context: { commandName: string }) => async () => {
      for (const action of actionOf(packageName, context.commandName)) note(action);
      const operation = context.commandName.replace(/Command$/, '');
      return { output: { $metadata: {}, ...known[operation] } };
    },
    { step: 'initialize', priority: 'high', name: 'noted' },
  );
  return client;
}

/** The IAM actions of what a command line asks AWS for, by the adapters that it has in the real world. */
export async function actionsOfCommand(...args: readonly string[]): Promise<{ status: number; actions: string[] }> {
  const actions = new Set<string>();
  const note = (action: string) => void actions.add(action);
  const config = { region: 'eu-west-1', credentials: { accessKeyId: 'x', secretAccessKey: 'y' } };
  const cloudFormation = noted(new CloudFormationClient(config), 'client-cloudformation', note);
  const tables = (known: typeof rows) => noted(documentClient(new DynamoDBClient(config)), 'lib-dynamodb', note, known);
  const now = () => new Date(time);
  const store = createDynamoDbExceptionStore(tables(rows), { table: 'exceptions', keepSeconds: 1, now });
  const stop = new AbortController();
  const around = {
    listenForInterrupts: () => ({ stop: stop.signal, giveUp: stop.signal, release() {} }),
    pause: async () => undefined,
    now: Date.now,
  };
  const operating: OperatorDeps = {
    ...around,
    reach: async (stage) => {
      await outputsOf(cloudFormation, `warren-${stage}-stateless`, stage);
      const refuse = () => Promise.reject(new Error('Not implemented'));
      return {
        receiveLimits: { get: refuse, set: refuse },
        park: refuse,
        queues: createSqsQueues(noted(new SQSClient(config), 'client-sqs', note), stage),
        mappings: createLambdaMappings(noted(new LambdaClient(config), 'client-lambda', note)),
        readRates: createCloudWatchRates(noted(new CloudWatchClient(config), 'client-cloudwatch', note), now),
        audit: createDynamoDbAuditLog(tables({}), { table: 'audit', now }),
        exceptions: store,
        circuits: createDynamoDbCircuits(tables({}), 'circuits'),
        functions: new Map(),
        caller: async () => 'lin@office',
      };
    },
  };
  const excepting: ExceptionsDeps = {
    ...around,
    reach: async (stage) => {
      await outputsOf(cloudFormation, `warren-${stage}-stateless`, stage);
      const refuse = () => Promise.reject(new Error('Not implemented'));
      return { store, replay: refuse, acknowledge: refuse, notice: refuse, caller: refuse };
    },
    uuid: () => '0190163d-8694-7000-8000-000000000001',
    ask: async () => '',
  };
  const insighting: HotKeysDeps = {
    reach: async (stage) => {
      await outputsOf(cloudFormation, `warren-${stage}-stateless`, stage);
      return createContributorInsights({
        dynamoDb: noted(new DynamoDBClient(config), 'client-dynamodb', note),
        cloudWatch: noted(new CloudWatchClient(config), 'client-cloudwatch', note),
        tables: new Map([['Orders', 'orders']]),
      });
    },
    now,
  };
  // worked example
  const balancing: BalancesDeps = {
    reach: async (stage) => {
      await outputsOf(cloudFormation, `warren-${stage}-stateless`, stage);
      const patience = { maxAttempts: 1, sleep: async () => undefined };
      const { totals } = createDynamoDbCounterTotals(tables({}), { table: 'balances', ...patience });
      return {
        balances: createDynamoDbBalancesReader(tables({}), { totals, table: 'entries', ...patience }),
        ledger: createLedgerPages(tables({ Scan: { Items: [ledgerEntry] } }), 'ledger'),
      };
    },
    now: Date.now,
  };
  // worked example
  const telling: OrdersDeps = {
    reach: async (stage) => {
      await outputsOf(cloudFormation, `warren-${stage}-stateless`, stage);
      const one = { orders: 'orders', ledger: 'ledger', refunds: 'refunds', outbox: 'outbox', stock: 'stock' };
      return {
        books: createDynamoDbBooks(tables({}), one),
        sources: createDynamoDbStorySources(tables({}), { sagas: 'sagas', idempotency: 'idempotency' }),
        exceptions: store,
      };
    },
    now,
  };
  const stream = () => Object.assign(new PassThrough().resume(), { isTTY: false });
  const io = { stdin: Object.assign(Readable.from(['']), { isTTY: false }), stdout: stream(), stderr: stream() };
  const status = await runWarren([...args], io, {
    operating: async () => operating,
    excepting: async () => excepting,
    insighting: async () => insighting,
    // worked example
    balancing: async () => balancing,
    // worked example
    telling: async () => telling,
  });
  return { status, actions: [...actions].sort() };
}
