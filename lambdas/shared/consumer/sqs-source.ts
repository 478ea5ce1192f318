import { type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Log } from '../telemetry/telemetry.ts';
import type { Receipts } from './settlement.ts';
import { createSqsReceipts } from './sqs-receipts.ts';

/** One queue, to take messages from. */
export interface Source extends Pick<Receipts, 'hide' | 'remove'> {
  /** Up to ten messages, or fewer if fewer are asked for, hidden for so many seconds, or as the queue has it; none when it finds none. */
  receive(hiddenSeconds: number | undefined, most?: number): Promise<SQSRecord[]>;
}

export function createSqsSource(sqs: SQSClient, QueueUrl: string, log: Log): Source {
  return {
    ...createSqsReceipts(sqs, QueueUrl, log),
    async receive(hiddenSeconds, most = 10) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: most,
          VisibilityTimeout: hiddenSeconds,
          // Without a wait SQS asks some of its servers, and may find nothing where something is (SQS, short and long polling).
          WaitTimeSeconds: 1,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      return Messages.map(toRecord);
    },
  };
}

/** As the event source mapping would hand it over. */
function toRecord({
  MessageId = '',
  ReceiptHandle = '',
  Body = '',
  Attributes = {},
  MessageAttributes = {},
}: Message): SQSRecord {
  const { ApproximateReceiveCount = '', SentTimestamp = '', SenderId = '' } = Attributes;
  const { ApproximateFirstReceiveTimestamp = '', MessageGroupId, SequenceNumber } = Attributes;
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {
      ApproximateReceiveCount,
      SentTimestamp,
      SenderId,
      ApproximateFirstReceiveTimestamp,
      ...(MessageGroupId !== undefined && { MessageGroupId }),
      ...(SequenceNumber !== undefined && { SequenceNumber }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([name, { StringValue, BinaryValue, DataType = 'String' }]) => [
        name,
        {
          dataType: DataType,
          ...(StringValue !== undefined && { stringValue: StringValue }),
          ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        },
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}
