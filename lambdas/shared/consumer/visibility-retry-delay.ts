import { ChangeMessageVisibilityCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Log } from '../telemetry/telemetry.ts';
import type { RetryDelay } from './record-loop.ts';

/** Retry delays by SQS's visibility timeout. */
export function createVisibilityRetryDelay(sqs: SQSClient, queueUrl: string, log: Log): RetryDelay {
  return {
    async delay({ messageId, receiptHandle }, seconds, deadline) {
      try {
        await sqs.send(
          new ChangeMessageVisibilityCommand({
            QueueUrl: queueUrl,
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: seconds,
          }),
          { abortSignal: deadline },
        );
      } catch (error) {
        // Test events have no valid receipt, and a lost call only means the queue's own visibility timeout applies.
        log.warn('retry delay not set', {
          sqsMessageId: messageId,
          error: error instanceof Error ? error.name : 'unknown',
        });
      }
    },
  };
}
