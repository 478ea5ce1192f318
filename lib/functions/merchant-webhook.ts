import { CfnOutput, Duration } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Env } from '../../lambdas/merchant-webhook/env.ts';
import type { Env as OrderQueryEnv } from '../../lambdas/order-query/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { alarmAbove } from '../constructs/alarm-above.ts';
import { countedBy } from '../constructs/counted-by.ts';
import { countGraph, countLines, section } from '../constructs/function-graphs.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { grantReadSecret } from '../constructs/grant-read-secret.ts';
import { HttpEndpoint } from '../constructs/http-endpoint.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { queueOf } from '../consumers.ts';
import { merchantWebhookUrlOf } from '../merchant-webhook-url.ts';
import { functionOutput } from '../output-names.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

const service = 'merchant-webhook';
const orderQuery = 'order-query';
const { queue } = queueOf(service);

/** Told, to be told again, given up. */
const outcomes = ['ack', 'retry', 'delivery_limit', 'rejected', 'retention'];

/** Both halves of telling the merchant: `lambdas/merchant-webhook`, if it is known where, and `lambdas/order-query`, by which it may ask. */
export function connectMerchantWebhook(stack: StatelessStack, { example, onCall }: StatefulStack): void {
  if (!example) throw new Error('the merchant is told of orders, and there is no table of orders');
  addOrderQuery(stack, example.orders);
  const { requestTimeout, keysMaxAge, allowedRanges, alarmAboveRetries } = stack.config.merchantWebhook;
  const url = merchantWebhookUrlOf(stack, allowedRanges);
  if (url === undefined) return;
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    ORDERS_TABLE: example.orders.tableName,
    MERCHANT_WEBHOOK_URL: url,
    MERCHANT_WEBHOOK_ALLOWED_RANGES: allowedRanges.join(','),
    MERCHANT_WEBHOOK_TIMEOUT_MS: String(requestTimeout.toMilliseconds()),
    MERCHANT_WEBHOOK_KEYS_ID: example.merchantWebhookKeys.secretArn,
    MERCHANT_WEBHOOK_KEYS_MAX_AGE_SECONDS: String(keysMaxAge.toSeconds()),
  };
  const fn = stack.addConsumer(service, environment);
  grantReadSecret(fn, example.merchantWebhookKeys);
  grantOnTable(fn, example.orders, 'dynamodb:GetItem');
  const alarm = alarmAbove(stack, 'MerchantNotTold', {
    metric: countedBy(service, 'MessagesHandled', { queue, outcome: 'retry' }, Duration.minutes(15)),
    threshold: alarmAboveRetries,
    impact: `The merchant did not take over ${alarmAboveRetries} notifications in a quarter of an hour: it does not hear what becomes of its orders, unless it asks.`,
    runbook: '#the-merchant-takes-no-notifications',
  });
  onCall.hearsOf(alarm);
  stack.sections.push(
    section('Told to the merchant', [
      countGraph(
        'Notifications: told (ack), to be told again (retry), given up (the others)',
        countLines({
          service,
          metric: 'MessagesHandled',
          of: { queue },
          by: { dimension: 'outcome', values: outcomes },
        }),
      ),
    ]),
  );
}

function addOrderQuery(stack: StatelessStack, orders: ITable): void {
  const { query } = stack.config.merchantWebhook;
  const environment: Record<keyof OrderQueryEnv, string> = { ORDERS_TABLE: orders.tableName };
  const { fn } = new NodeFunction(stack, 'OrderQuery', { ...query, ...stack.common, folder: orderQuery, environment });
  grantOnTable(fn, orders, 'dynamodb:GetItem');
  const { url, routeArn } = new HttpEndpoint(stack, 'OrderQueryEndpoint', {
    path: '/orders/{out_trade_no}',
    method: HttpMethod.GET,
    fn,
    access: 'iam',
    ...query,
    logRetention: stack.config.logRetention,
  });
  new CfnOutput(stack, functionOutput(orderQuery), { value: fn.functionName });
  new CfnOutput(stack, 'OrderQueryUrl', { value: url });
  new CfnOutput(stack, 'OrderQueryRouteArn', { value: routeArn });
}
