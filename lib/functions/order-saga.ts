import type { Env } from '../../lambdas/order-saga/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { grantOnTable } from '../constructs/grant-on-table.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/order-saga` to its queue, to the progress it keeps, and to the orders and refunds it compensates with. */
export function connectOrderSaga(stack: StatelessStack, { example, outbox }: StatefulStack): void {
  if (!example) throw new Error('the progress of orders is kept, and there is no table of it');
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    SAGAS_TABLE: example.sagas.tableName,
    ORDERS_TABLE: example.orders.tableName,
    REFUNDS_TABLE: example.refunds.tableName,
    STOCK_TABLE: example.stock.tableName,
    OUTBOX_TABLE: outbox.tableName,
    SAGA_STUCK_AFTER_SECONDS: String(stack.config.orderSaga.stuckAfter.toSeconds()),
  };
  const fn = stack.addConsumer('order-saga', environment);
  grantOnTable(fn, example.sagas, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, example.orders, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, example.refunds, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  grantOnTable(fn, example.stock, 'dynamodb:GetItem');
  grantOnTable(fn, outbox, 'dynamodb:PutItem');
}
