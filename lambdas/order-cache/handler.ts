import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createOrderCacheConsumer, type OrderCacheConsumerDeps } from './order-cache-consumer.ts';

export interface HandlerDeps extends SqsConsumerDeps, OrderCacheConsumerDeps {}

export function createHandler(deps: HandlerDeps) {
  return createSqsConsumer(createOrderCacheConsumer(deps), deps);
}
