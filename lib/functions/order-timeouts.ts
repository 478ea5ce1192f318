import type { Env } from '../../lambdas/order-timeouts/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { WechatPayApiEnv } from '../../lambdas/shared/wechat-pay/api/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { grantToAskWechatPay, wechatPayApiEnvironment } from '../constructs/wechat-pay-access.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { wechatPayApiUrlOf } from '../wechat-pay-api-url.ts';

/** Connects `lambdas/order-timeouts` to its queue, to the tables its effect is written into, and to WeChat Pay if it is known where that is. */
export function connectOrderTimeouts(stack: StatelessStack, { example, outbox }: StatefulStack): void {
  if (!example) throw new Error('orders are closed, and there is no table of orders');
  const url = wechatPayApiUrlOf(stack);
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv | keyof WechatPayApiEnv>, string> = {
    ORDERS_TABLE: example.orders.tableName,
    OUTBOX_TABLE: outbox.tableName,
  };
  const asking = url === undefined ? {} : wechatPayApiEnvironment(url, example, stack.config.wechatPay);
  const fn = stack.addConsumer('order-timeouts', { ...environment, ...asking });
  grantOnTable(fn, example.orders, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
  if (url === undefined) return;
  grantToAskWechatPay(fn, example);
  stack.grantPublishTo(fn, 'payments');
}
