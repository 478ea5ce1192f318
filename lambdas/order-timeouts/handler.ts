import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createOrderTimeoutsConsumer, type OrderTimeoutsDeps } from './order-timeouts-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & OrderTimeoutsDeps) {
  return createSqsConsumer(createOrderTimeoutsConsumer(deps), deps);
}
