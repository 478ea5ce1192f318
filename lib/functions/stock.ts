import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import type { Env } from '../../lambdas/stock/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/stock` to its queue, and to the table of goods. */
export function connectStock(stack: StatelessStack, { example, outbox }: StatefulStack): void {
  if (!example) throw new Error('goods are reserved, and there is no table of them');
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    STOCK_TABLE: example.stock.tableName,
    ORDERS_TABLE: example.orders.tableName,
    OUTBOX_TABLE: outbox.tableName,
    STOCK_HOLD_SECONDS: String(stack.config.stock.hold.toSeconds()),
  };
  const fn = stack.addConsumer('stock', environment);
  grantOnTable(fn, example.stock, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, example.orders, 'dynamodb:GetItem');
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
}
