import type { Env } from '../../lambdas/order-timeouts/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/order-timeouts` to its queue, and to the tables its effect is written into. */
export function connectOrderTimeouts(stack: StatelessStack, { example, outbox }: StatefulStack): void {
  if (!example) throw new Error('orders are closed, and there is no table of orders');
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    ORDERS_TABLE: example.orders.tableName,
    OUTBOX_TABLE: outbox.tableName,
  };
  const fn = stack.addConsumer('order-timeouts', environment);
  grantOnTable(fn, example.orders, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
}
