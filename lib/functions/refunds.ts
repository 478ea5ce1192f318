import { Lazy } from 'aws-cdk-lib';
import type { Env } from '../../lambdas/refunds/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { grantToAskWechatPay, wechatPayApiEnvironment } from '../constructs/wechat-pay-access.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { wechatPayApiUrlOf } from '../wechat-pay-api-url.ts';

/** Connects `lambdas/refunds` to its queue, if it is known where WeChat Pay is: without it refunds wait in the queue. */
export function connectRefunds(stack: StatelessStack, { example, outbox }: StatefulStack): void {
  if (!example) throw new Error('refunds are asked for, and there is no table of them');
  const url = wechatPayApiUrlOf(stack);
  if (url === undefined) return;
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    ...wechatPayApiEnvironment(url, example, stack.config.wechatPay),
    REFUNDS_TABLE: example.refunds.tableName,
    OUTBOX_TABLE: outbox.tableName,
    WECHAT_PAY_NOTIFY_URL: notifyUrlOf(stack),
  };
  const fn = stack.addConsumer('refunds', environment);
  grantOnTable(fn, example.refunds, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  grantToAskWechatPay(fn, example);
}

/** Functions are made before the way in. */
export function notifyUrlOf(stack: StatelessStack): string {
  return Lazy.string({
    produce() {
      if (stack.notifyUrl === undefined) throw new Error('refunds are asked for, and WeChat Pay has no way in');
      return stack.notifyUrl;
    },
  });
}
