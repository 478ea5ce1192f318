import { CfnOutput, Duration, Validations } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Env } from '../../lambdas/compare-books/env.ts';
import { alarmAbove } from '../constructs/alarm-above.ts';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { functionOutput } from '../output-names.ts';
import type { ExampleData } from '../stacks/example-data.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

const folder = 'compare-books';

/** `roundKey` of `lambdas/compare-books`. A test holds both to the same, and that these are all the kinds there are. */
export const roundKey = '#compare-books';
export const differenceKinds: readonly string[] = [
  'order-missing',
  'ledger-missing',
  'ledger-behind',
  'ledger-differs',
  'refund-sums-differ',
  'refunds-misfit',
  'reservation-misfit',
  'goods-differ',
  'unreadable',
];

/** Whoever writes one of the books that are compared. */
const writers: readonly string[] = ['orders', 'ledger', 'stock'];

/** `lambdas/compare-books`, where all books are kept that it compares. */
export function addCompareBooks(stack: StatelessStack, stateful: StatefulStack): void {
  const { example, exceptions, outbox } = stateful;
  if (!example || !writers.every((one) => stack.deployed.consumers.includes(one))) return;
  const { compareBooks } = stack.config;
  const environment: Record<keyof Env, string> = {
    ORDERS_TABLE: example.orders.tableName,
    LEDGER_TABLE: example.ledger.tableName,
    REFUNDS_TABLE: example.refunds.tableName,
    STOCK_TABLE: example.stock.tableName,
    OUTBOX_TABLE: outbox.tableName,
    SEQUENCES_TABLE: example.orderNumbers.environment.SEQUENCES_TABLE,
    COMPARE_SETTLE_SECONDS: String(compareBooks.settle.toSeconds()),
    COMPARE_ROUND_EVERY_SECONDS: String(compareBooks.roundEvery.toSeconds()),
    COMPARE_PAGE_SIZE: String(compareBooks.pageSize),
    COMPARE_MOST_DIFFERENCES: String(compareBooks.mostDifferences),
    ...exceptions.environment,
  };
  const { fn } = new NodeFunction(stack, 'CompareBooks', {
    ...compareBooks.size,
    ...stack.common,
    folder,
    environment,
  });
  grantToCompare(fn, example, stateful);
  runNightly(stack, fn);
  ringWhenItFails(stack, fn, stateful);
  stack.sections.push(
    section('Books compared with each other', [
      countGraph(
        'Runs, by whether the round was at its end',
        countLines({ service: folder, metric: 'BookRuns', by: { dimension: 'outcome', values: ['ended', 'goes on'] } }),
      ),
      countGraph(
        'Differences, by kind',
        countLines({ service: folder, metric: 'BookDifferences', by: { dimension: 'kind', values: differenceKinds } }),
      ),
    ]),
  );
  new CfnOutput(stack, functionOutput(folder), { value: fn.functionName });
}

/** To read all books, to keep differences, and to remember where it is. */
function grantToCompare(fn: LambdaFunction, example: ExampleData, { exceptions, outbox }: StatefulStack): void {
  grantOnTable(fn, example.orders, 'dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Scan');
  for (const table of [example.ledger, example.stock]) grantOnTable(fn, table, 'dynamodb:GetItem', 'dynamodb:Scan');
  for (const table of [example.refunds, outbox]) grantOnTable(fn, table, 'dynamodb:Query');
  example.orderNumbers.grantRemember(fn, roundKey);
  exceptions.grantOpen(fn);
  grantOnTable(fn, exceptions.table, 'dynamodb:GetItem', 'dynamodb:Query');
}

function runNightly(stack: StatelessStack, fn: LambdaFunction): void {
  const { utcHours, utcMinute } = stack.config.compareBooks.at;
  const once = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };
  fn.configureAsyncInvoke(once);
  const rule = new Rule(stack, 'CompareBooksEachNight', {
    schedule: Schedule.cron({ minute: String(utcMinute), hour: utcHours }),
    targets: [new LambdaTarget(fn, { ...once, event: RuleTargetInput.fromObject({}) })],
  });
  const reason = 'A run that is lost holds nothing: the next one goes on where the one before has stopped.';
  Validations.of(fn).acknowledge({ id: 'Serverless::Serverless-LambdaAsyncFailureDestination', reason });
  Validations.of(rule).acknowledge({ id: 'Serverless::Serverless-EventBusDLQ', reason });
}

function ringWhenItFails(stack: StatelessStack, fn: LambdaFunction, { onCall }: StatefulStack): void {
  const fails = alarmAbove(stack, 'CompareBooksFails', {
    // The next run of the night goes on where one has failed: two of them are not by chance.
    metric: fn.metricErrors({ period: Duration.hours(6) }),
    threshold: 1,
    impact:
      'Orders, ledger, refunds and stock are not compared with each other, or differ in more than single rows: what one of them has lost is not found.',
    runbook: '#the-books-are-not-compared',
  });
  onCall.hearsOf(fails);
}
