import type { SQSRecord } from 'aws-lambda';
import type { Message } from '../../../rabbitmq/message.ts';
import type { Queue } from '../../../rabbitmq/topology.ts';
import { envelopeAttribute, plainMessage } from '../broker/envelope.ts';

/** A message whose envelope cannot be read is buried too: as what its record shows, the unread attribute kept as a header. */
export function unreadableMessage(record: SQSRecord, queue: Queue): Message {
  const headers = { 'x-unreadable-envelope': record.messageAttributes[envelopeAttribute]?.stringValue ?? '' };
  return { ...plainMessage(record, queue), headers };
}
