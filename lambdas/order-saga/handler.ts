import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createOrderSagaConsumer, type OrderSagaDeps } from './order-saga-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & OrderSagaDeps) {
  return createSqsConsumer(createOrderSagaConsumer(deps), deps);
}
