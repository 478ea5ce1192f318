import { CfnOutput } from 'aws-cdk-lib';
import type { Env } from '../../lambdas/daily-bill/env.ts';
import { formatQueueAddress } from '../../rabbitmq/queue-address.ts';
import { agendaIndexName } from '../constructs/agenda-index.ts';
import { DailyBill, folder } from '../constructs/daily-bill.ts';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import { grantOnTable, grantQueryOnIndex } from '../constructs/grant-on-table.ts';
import { grantToAskWechatPay, wechatPayApiEnvironment } from '../constructs/wechat-pay-access.ts';
import { queueOf } from '../consumers.ts';
import { addressOf } from '../named-queue.ts';
import { functionOutput } from '../output-names.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { wechatPayApiUrlOf } from '../wechat-pay-api-url.ts';

/** A test holds that these are all. */
export const differenceKinds: readonly string[] = [
  'payment-missing-here',
  'payment-missing-there',
  'payment-differs',
  'refund-missing-here',
  'refund-differs',
  'state-unknown',
];

/** `lambdas/daily-bill`, where orders are paid and it is known where WeChat Pay's API is. */
export function addDailyBill(stack: StatelessStack, { example, exceptions, onCall }: StatefulStack): void {
  const url = wechatPayApiUrlOf(stack);
  if (url === undefined || !stack.deployed.consumers.includes('orders')) return;
  if (!example) throw new Error('a bill is compared with orders, and there is no table of orders');
  const { orders, refunds } = example;
  const { dailyBill } = stack.config.wechatPay;
  const environment: Record<keyof Env, string> = {
    ...wechatPayApiEnvironment(url, example, stack.config.wechatPay),
    // A bill is downloaded in one request, which takes longer than others.
    WECHAT_PAY_API_TIMEOUT_MS: String(dailyBill.requestTimeout.toMilliseconds()),
    BILL_MOST_BYTES: String(dailyBill.mostBytes),
    ORDERS_TABLE: orders.tableName,
    REFUNDS_TABLE: refunds.tableName,
    PAYMENTS_QUEUE: formatQueueAddress(addressOf(queueOf('orders'))),
    ...exceptions.environment,
  };
  const { fn } = new DailyBill(stack, 'DailyBill', {
    ...dailyBill.size,
    ...stack.common,
    environment,
    at: dailyBill.at,
    onCall,
  });
  grantToAskWechatPay(fn, example);
  grantOnTable(fn, orders, 'dynamodb:GetItem');
  grantQueryOnIndex(fn, orders, agendaIndexName);
  grantOnTable(fn, refunds, 'dynamodb:GetItem');
  exceptions.grantOpen(fn);
  stack.sections.push(
    section("WeChat Pay's daily bill", [
      countGraph('Bills compared', countLines({ service: folder, metric: 'BillsCompared' })),
      countGraph(
        'Differences, by kind',
        countLines({ service: folder, metric: 'BillDifferences', by: { dimension: 'kind', values: differenceKinds } }),
      ),
    ]),
  );
  new CfnOutput(stack, functionOutput(folder), { value: fn.functionName });
}
