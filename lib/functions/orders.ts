import type { Env } from '../../lambdas/orders/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/orders` to its queue, and to the tables its effect is written into. */
export function connectOrders(stack: StatelessStack, { example, outbox }: StatefulStack): void {
  if (!example) throw new Error('orders are consumed, and there is no table of orders');
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    ORDERS_TABLE: example.orders.tableName,
    REFUNDS_TABLE: example.refunds.tableName,
    OUTBOX_TABLE: outbox.tableName,
  };
  const fn = stack.addConsumer('orders', environment);
  grantOnTable(fn, example.orders, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, example.refunds, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
}
