import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import type { MoveOrderDeps } from '../shared/orders/move-order.ts';
import { createOrdersConsumer } from './orders-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & MoveOrderDeps) {
  return createSqsConsumer(createOrdersConsumer(deps), deps);
}
