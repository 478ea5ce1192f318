import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import type { MoveOrderDeps } from '../shared/orders/move-order.ts';
import { createOrderTimeoutsConsumer } from './order-timeouts-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & MoveOrderDeps) {
  return createSqsConsumer(createOrderTimeoutsConsumer(deps), deps);
}
