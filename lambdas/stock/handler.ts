import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createStockConsumer, type StockDeps } from './stock-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & StockDeps) {
  return createSqsConsumer(createStockConsumer(deps), deps);
}
