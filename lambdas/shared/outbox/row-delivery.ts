import { asPublished, type Message } from '../../../rabbitmq/message.ts';
import { longestSqsDelayMs } from '../../../rabbitmq/plan/delay-limits.ts';
import { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';
import type { Publisher } from '../broker/broker.ts';
import type { Routed } from '../broker/outgoing.ts';
import { PermanentError } from '../consumer/errors.ts';
import type { ExceptionReason } from '../exceptions/exceptions.ts';
import { messageOf, type OutboxRow, outboxRowSchema } from './outbox-row.ts';
import { UnreadableRowError, UnroutableRowError } from './relay-errors.ts';
import { notesOf, type StoredRow } from './stored-row.ts';

/** What is to be done about a row. */
export type Delivery =
  | { readonly step: 'nothing' }
  /** It can never be delivered. */
  | { readonly step: 'except'; readonly reason: ExceptionReason; readonly error: Error }
  /** Each part is delivered by itself, so that what becomes of it is known for each queue. */
  | { readonly step: 'deliver'; readonly parts: readonly Routed[] };

/** Checks and routes a row as a channel would, but never throws for it. */
export function deliveryOf(stored: StoredRow, publisher: Publisher, now: Date): Delivery {
  const { isDone, missing } = notesOf(stored);
  if (isDone) return { step: 'nothing' };
  const row = outboxRowSchema.safeParse(stored.item);
  if (!row.success) {
    const problems = row.error.issues.map(({ path, message }) => `${path.join('.') || 'the row'}: ${message}`);
    return { step: 'except', reason: 'unreadable', error: new UnreadableRowError(problems) };
  }
  try {
    const message = messageOf(row.data);
    const routed = publisher.accept(asPublished(message), { delayMs: row.data.delay });
    const queues = missing ?? routed.queues;
    if (queues.length === 0) return { step: 'except', reason: 'unroutable', error: unroutable(message) };
    return {
      step: 'deliver',
      parts: partsOf({ ...routed, queues, delayMs: delayLeft(routed.delayMs, row.data, now) }),
    };
  } catch (error) {
    if (error instanceof ChannelError) return { step: 'except', reason: 'channel-error', error };
    if (error instanceof PermanentError) return { step: 'except', reason: 'unreadable', error };
    throw error;
  }
}

function unroutable({ exchange, routingKeys: [key = ''] }: Message): Error {
  return new UnroutableRowError(exchange, key);
}

/** Counted from the time the row was written. */
function delayLeft(delayMs: number, { created_at }: OutboxRow, now: Date): number {
  return Math.max(0, delayMs - Math.max(0, now.getTime() - Date.parse(created_at)));
}

/** A message that waits for long is kept once, and routed when it is due: it has one part. */
function partsOf(routed: Routed): Routed[] {
  return routed.delayMs > longestSqsDelayMs ? [routed] : routed.queues.map((queue) => ({ ...routed, queues: [queue] }));
}
