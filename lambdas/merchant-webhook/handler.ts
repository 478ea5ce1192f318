import { createSqsConsumer, type SqsConsumerDeps } from '../shared/consumer/sqs-consumer.ts';
import { createMerchantWebhookConsumer, type MerchantWebhookDeps } from './merchant-webhook-consumer.ts';

export type HandlerDeps = SqsConsumerDeps & MerchantWebhookDeps;

export function createHandler(deps: HandlerDeps) {
  return createSqsConsumer(createMerchantWebhookConsumer(deps), deps);
}
