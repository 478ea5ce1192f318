import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Message } from '../../../rabbitmq/message.ts';
import { decodeMessage, encodeMessage, envelopeAttribute, UnreadableEnvelopeError } from '../broker/envelope.ts';
import { withoutTime } from '../broker/without-time.ts';
import type { OutboxMessage } from './outbox-message.ts';

/** What its writer puts into a row, and nobody changes: body and envelope are what SQS would be sent. */
export const outboxRowSchema = z.object({
  aggregate: z.string().min(1),
  event_id: z.string().min(1),
  created_at: z.iso.datetime(),
  /** Event id of the row in front of it: of the same aggregate, written in the same transaction. */
  after: z.string().min(1).optional(),
  /** Milliseconds after `created_at`. */
  delay: z.int().nonnegative().optional(),
  body: z.string(),
  [envelopeAttribute]: z.string(),
  /** Which part of the index of undelivered rows it is in; taken away when it is delivered, or an exception. */
  pending: z.string().optional(),
});

/** As it is found: since it was written, the relay may have given it up. */
export const foundRowSchema = outboxRowSchema.extend({ exception_at: z.string().optional() });

export type OutboxRow = z.infer<typeof outboxRowSchema>;

/** The index of undelivered rows, oldest first within each part: one part would take a thousand rows a second and no more. */
export const undeliveredIndex = { name: 'Undelivered', partitionKey: 'pending', sortKey: 'created_at' } as const;
export const pendingParts: readonly string[] = Array.from({ length: 16 }, (_, part) => String(part));

/** The row of a message, `after` the one in front of it. Another row under its key is the same message, published again. */
export function toRow({ aggregate, message, delayMs = 0 }: OutboxMessage, now: Date, after?: string): OutboxRow {
  const { MessageBody, MessageAttributes } = encodeMessage(message);
  return {
    aggregate,
    event_id: message.properties.message_id,
    created_at: now.toISOString(),
    ...(after !== undefined && { after }),
    ...(delayMs > 0 && { delay: delayMs }),
    body: MessageBody,
    [envelopeAttribute]: MessageAttributes[envelopeAttribute]?.StringValue ?? '',
    pending: partOf(aggregate),
  };
}

/** Throws an `UnreadableEnvelopeError`. */
export function messageOf(row: OutboxRow): Message {
  const message = decodeMessage(row.body, row[envelopeAttribute], row.event_id);
  // A row carries its message whole; one that leaves its body in S3 would begin here.
  if ('claim' in message) throw new UnreadableEnvelopeError(row.event_id, 'its body is elsewhere');
  return message;
}

/** Whether both ask for the same: the time it was published may differ, a repeat comes later. */
export function isSameEvent(one: OutboxRow, other: OutboxRow): boolean {
  return isDeepStrictEqual(identityOf(one), identityOf(other));
}

function identityOf(row: OutboxRow) {
  const { properties, ...message } = messageOf(row);
  return { ...message, properties: withoutTime(properties), delay: row.delay };
}

function partOf(aggregate: string): string {
  const [first = 0] = createHash('sha256').update(aggregate).digest();
  return String(first % pendingParts.length);
}
