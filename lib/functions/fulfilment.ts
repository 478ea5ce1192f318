import type { Env } from '../../lambdas/fulfilment/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import { fulfilmentUrlOf } from '../fulfilment-url.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/fulfilment` to its queue, if it is known where the merchant is: without it messages wait in the queue. */
export function connectFulfilment(stack: StatelessStack, { example, outbox }: StatefulStack): void {
  const url = fulfilmentUrlOf(stack);
  if (url === undefined) return;
  if (!example) throw new Error('orders are fulfilled, and there is no table of them');
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    FULFILMENT_URL: url,
    OUTBOX_TABLE: outbox.tableName,
    ORDERS_TABLE: example.orders.tableName,
    FULFILMENT_TIMEOUT_MS: String(stack.config.fulfilment.requestTimeout.toMilliseconds()),
  };
  const fn = stack.addConsumer('fulfilment', environment);
  grantOnTable(fn, example.orders, 'dynamodb:GetItem');
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
}
