import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createFulfilmentConsumer, type FulfilmentDeps } from './fulfilment-consumer.ts';

export type HandlerDeps = SqsConsumerDeps & FulfilmentDeps;

export function createHandler(deps: HandlerDeps) {
  return createSqsConsumer(createFulfilmentConsumer(deps), deps);
}
