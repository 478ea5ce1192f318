import type { Message } from '../../../rabbitmq/message.ts';

/** A message that must be published because a state changed: stored with the change, delivered afterwards. */
export interface OutboxMessage {
  /** What it is about, such as `order#<out_trade_no>`, at most 2,048 bytes: messages of one aggregate are delivered in the order they were written. */
  readonly aggregate: string;
  /** As a client would publish it. Its `message_id` is the event id, at most 1,024 bytes. */
  readonly message: Message;
  /** Milliseconds, from the time it is written. Default: 0. */
  readonly delayMs?: number | undefined;
}

/** Of a message that needs no order: nothing waits for it, and it waits for nothing. */
export function ownAggregate(eventId: string): string {
  return `event#${eventId}`;
}
