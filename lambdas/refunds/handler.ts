import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createRefundsConsumer, type RefundsConsumerDeps } from './refunds-consumer.ts';

export function createHandler(deps: SqsConsumerDeps & RefundsConsumerDeps) {
  return createSqsConsumer(createRefundsConsumer(deps), deps);
}
