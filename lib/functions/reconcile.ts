import { Duration } from 'aws-cdk-lib';
import type { Env } from '../../lambdas/reconcile/env.ts';
import type { BrokerEnv } from '../../lambdas/shared/broker/env.ts';
import { agendaIndexName } from '../constructs/agenda-index.ts';
import { alarmAbove } from '../constructs/alarm-above.ts';
import { countedBy } from '../constructs/counted-by.ts';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import { grantOnTable, grantQueryOnIndex } from '../constructs/grant-on-table.ts';
import { runEvery } from '../constructs/run-every.ts';
import { grantToAskWechatPay, wechatPayApiEnvironment } from '../constructs/wechat-pay-access.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { wechatPayApiUrlOf } from '../wechat-pay-api-url.ts';
import { notifyUrlOf } from './refunds.ts';

const service = 'reconcile';
const runbook = '#notifications-do-not-come-and-reconcile-finds-payments';

/** What came of asking about one order or refund. A test holds that these are all. */
export const reconcileOutcomes: readonly string[] = [
  'found',
  'closed',
  'asked',
  'waiting',
  'past',
  'failed',
  'unavailable',
];

/** Connects `lambdas/reconcile` to what waits for WeChat Pay's word, if it is known where to ask. */
export function connectReconcile(stack: StatelessStack, { example, outbox, onCall }: StatefulStack): void {
  if (!example) throw new Error('orders are reconciled, and there is no table of orders');
  const url = wechatPayApiUrlOf(stack);
  if (url === undefined) return;
  const { reconcile } = stack.config.wechatPay;
  const environment: Record<Exclude<keyof Env, keyof BrokerEnv>, string> = {
    ...wechatPayApiEnvironment(url, example, stack.config.wechatPay),
    ORDERS_TABLE: example.orders.tableName,
    REFUNDS_TABLE: example.refunds.tableName,
    OUTBOX_TABLE: outbox.tableName,
    WECHAT_PAY_NOTIFY_URL: notifyUrlOf(stack),
    RECONCILE_AFTER_SECONDS: String(reconcile.after.toSeconds()),
    RECONCILE_LONGEST_WAIT_SECONDS: String(reconcile.longestWait.toSeconds()),
    RECONCILE_CLOSE_AFTER_SECONDS: String(reconcile.closeAfter.toSeconds()),
    REFUND_OVERDUE_SECONDS: String(reconcile.refundOverdue.toSeconds()),
    RECONCILE_REQUESTS_PER_SECOND: String(reconcile.requestsPerSecond),
  };
  const fn = stack.addPublisher(service, reconcile, environment);
  for (const table of [example.orders, example.refunds]) {
    grantOnTable(fn, table, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    grantQueryOnIndex(fn, table, agendaIndexName);
  }
  grantOnTable(fn, example.refunds, 'dynamodb:PutItem');
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
  grantToAskWechatPay(fn, example);
  runEvery(stack, 'ReconcileEveryMinute', fn, Duration.minutes(1));

  const found = alarmAbove(stack, 'ReconcileFinds', {
    metric: countedBy(service, 'Reconciled', { what: 'order', outcome: 'found' }, Duration.hours(1)),
    threshold: reconcile.alarmAboveFound,
    impact: `Over ${reconcile.alarmAboveFound} payments in an hour were found by asking WeChat Pay: their notifications did not come, or did not get in. The orders are paid, late.`,
    runbook,
  });
  const fails = alarmAbove(stack, 'ReconcileFails', {
    metric: fn.metricErrors({ period: Duration.minutes(15) }),
    threshold: 4,
    impact:
      'Nobody asks WeChat Pay about orders and refunds whose notification did not come: they stay PAYING and REFUNDING.',
    runbook: '#reconcile-fails',
  });
  const overdue = alarmAbove(stack, 'RefundsOverdue', {
    // Each overdue refund is asked about in each period, so that it rings until the last is settled.
    metric: countedBy(service, 'RefundsOverdue', {}, Duration.seconds(2 * reconcile.longestWait.toSeconds())),
    threshold: 0,
    impact: `A refund has been open for over ${reconcile.refundOverdue.toHumanString()}: a customer waits for money.`,
    runbook: '#refunds-are-overdue',
  });
  for (const alarm of [found, fails, overdue]) onCall.hearsOf(alarm);
  stack.sections.push(
    section('Asked of WeChat Pay', [
      ...['order', 'refund'].map((what) =>
        countGraph(
          `Of each ${what} that waited too long`,
          countLines({
            service,
            metric: 'Reconciled',
            of: { what },
            by: { dimension: 'outcome', values: reconcileOutcomes },
          }),
        ),
      ),
      countGraph('Refunds asked about that are overdue', countLines({ service, metric: 'RefundsOverdue' })),
    ]),
  );
}
