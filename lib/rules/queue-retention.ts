import type { Resource } from './app-resources.ts';
import { knownNumber } from './properties.ts';

/** Default of SQS: 4 days. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const SQS_DEFAULT_RETENTION_SECONDS = 345_600;

export function retentionSeconds(queue: Resource): number {
  return knownNumber(queue, 'MessageRetentionPeriod', SQS_DEFAULT_RETENTION_SECONDS);
}
