import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { createOrder } from '../../lambdas/shared/orders/create-order.ts';
import { createDynamoDbOrdersStore } from '../../lambdas/shared/orders/dynamodb-orders-store.ts';
import type { MoveOrderDeps } from '../../lambdas/shared/orders/move-order.ts';
import type { NewOrder } from '../../lambdas/shared/orders/order.ts';
import { createDynamoDbOutbox } from '../../lambdas/shared/outbox/dynamodb-outbox.ts';
import type { ExampleDeployment } from './example-deployment.ts';

/** Orders as the functions keep them: with an outbox. */
export function ordersOf({ documents, outputs }: ExampleDeployment): MoveOrderDeps {
  const now = () => new Date();
  const table = outputs.OutboxTable;
  const outbox = createDynamoDbOutbox(documents, { table, now, maxAttempts: 10, sleep, random: Math.random });
  return {
    store: createDynamoDbOrdersStore(documents, outbox, { table: outputs.OrdersTable, now }),
    now,
    newEventId: uuidv7,
  };
}

/** What a shop does when somebody wants to pay: its order waits for the payment from now on, for half an hour. */
export function placeOrder(
  deployment: ExampleDeployment,
  order: Pick<NewOrder, 'out_trade_no' | 'mchid' | 'appid' | 'amount_total' | 'items'>,
): Promise<void> {
  return createOrder({ ...order, currency: 'CNY', state: 'PAYING' }, ordersOf(deployment));
}
