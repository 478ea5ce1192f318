import { randomUUID } from 'node:crypto';
import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** A batch as the event source mapping hands it over; receipts are not valid. */
export function sqsEvent(...bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map((body) => sqsRecord(body)) };
}

export function sqsRecord(body: string, changes: Partial<SQSRecord> = {}): SQSRecord {
  return {
    messageId: randomUUID(),
    receiptHandle: 'not-a-receipt',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1763863200000',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '1763863200001',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:warren-local-orders-payments',
    awsRegion: 'us-east-1',
    ...changes,
  };
}
