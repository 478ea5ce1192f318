import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import type { OrdersStore } from '../shared/orders/orders-store.ts';
import { createOrdersConsumer } from './orders-consumer.ts';

export interface HandlerDeps extends SqsConsumerDeps {
  readonly store: OrdersStore;
  readonly newEventId: () => string;
}

export function createHandler(deps: HandlerDeps) {
  return createSqsConsumer(createOrdersConsumer(deps), deps);
}
