import type { SQSRecord } from 'aws-lambda';
import type { Message } from '../../../rabbitmq/message.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import type { Claimed } from '../broker/claim.ts';
import { decodeRecord, envelopeAttribute, plainMessage, UnreadableEnvelopeError } from '../broker/envelope.ts';

/** The message a record stands for, or what the record shows when its envelope cannot be read. */
export function decodeOrShow(record: SQSRecord, queue: QueueAddress): Message | Claimed {
  try {
    return decodeRecord(record, queue);
  } catch (error) {
    if (error instanceof UnreadableEnvelopeError) return unreadableMessage(record, queue);
    throw error;
  }
}

/** A message whose envelope cannot be read is buried too: as what its record shows, the unread attribute kept as a header. */
export function unreadableMessage(record: SQSRecord, queue: QueueAddress): Message {
  const headers = { 'x-unreadable-envelope': record.messageAttributes[envelopeAttribute]?.stringValue ?? '' };
  return { ...plainMessage(record, queue), headers };
}
