import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createOrdersConsumer, type OrdersDeps } from './orders-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & OrdersDeps) {
  return createSqsConsumer(createOrdersConsumer(deps), deps);
}
