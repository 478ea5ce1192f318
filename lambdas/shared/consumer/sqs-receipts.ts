import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Log } from '../telemetry/telemetry.ts';
import type { Receipts } from './settlement.ts';

/** Receipts of one SQS queue. */
export function createSqsReceipts(sqs: SQSClient, queueUrl: string, log: Log): Receipts {
  return {
    async hide({ messageId, receiptHandle }, seconds, deadline) {
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
    async sendAnew({ body, messageAttributes }, deadline) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(messageAttributes).map(([name, { dataType: DataType, stringValue, binaryValue }]) => [
          name,
          {
            DataType,
            ...(stringValue !== undefined && { StringValue: stringValue }),
            ...(binaryValue !== undefined && { BinaryValue: Buffer.from(binaryValue, 'base64') }),
          },
        ]),
      );
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body, MessageAttributes }), {
        abortSignal: deadline,
      });
    },
    async remove({ receiptHandle }, deadline) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }), {
        abortSignal: deadline,
      });
    },
  };
}
