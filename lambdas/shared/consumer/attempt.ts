import type { SQSRecord } from 'aws-lambda';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Log } from '../telemetry/telemetry.ts';

/** One delivery of one message, as far as it has got. */
export interface Attempt {
  readonly record: SQSRecord;
  readonly receiveCount: number;
  /** Undefined until it is read. */
  message?: Message;
  /** Undefined until its payload is read. */
  businessKey?: string;
  /** Its handler threw; what fails before or around it is not the message's fault. */
  hasFailed: boolean;
  /** It has left its queue before it was handled, as with auto-ack: whatever comes of it, it does not come back. */
  hasLeft: boolean;
  log: Log;
}

export function startAttempt(record: SQSRecord, queue: string, log: Log): Attempt {
  const receiveCount = Number(record.attributes?.ApproximateReceiveCount ?? 1);
  return {
    record,
    receiveCount,
    hasFailed: false,
    hasLeft: false,
    log: log.with({ sqsMessageId: record.messageId, receiveCount, queue }),
  };
}
