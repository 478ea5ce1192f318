import type { OutboxMessage } from '../outbox/outbox-message.ts';

/** Something that happened, as it is told. */
export interface Told {
  /** What it is about: messages of one aggregate are delivered in the order they were written. */
  readonly aggregate: string;
  /** Default: `orders`. */
  readonly exchange?: string;
  readonly routingKey: string;
  /** Default: the routing key. */
  readonly type?: string;
  readonly payload: unknown;
  readonly delayMs?: number;
}

/** Stored with the change that it tells of. */
export function eventMessage(told: Told, eventId: string, now: Date): OutboxMessage {
  const { aggregate, exchange = 'orders', routingKey, type = routingKey, payload, delayMs } = told;
  return {
    aggregate,
    ...(delayMs !== undefined && { delayMs }),
    message: {
      vhost: '/',
      exchange,
      routingKeys: [routingKey],
      properties: {
        message_id: eventId,
        content_type: 'application/json',
        type,
        timestamp: Math.floor(now.getTime() / 1000),
      },
      headers: {},
      payload: JSON.stringify(payload),
      payloadEncoding: 'string',
    },
  };
}
