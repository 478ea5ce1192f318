import type { ClientMessage } from '../../../rabbitmq/message.ts';
import { decodeHeaders } from './decode-headers.ts';
import { decodeProperties } from './decode-properties.ts';

/** What amqplib's `return` event hands over: the message as it was published, without BCC (rules 4.5.19, 4.5.32). */
export function returnOf({ exchange, routingKeys, properties, headers }: ClientMessage, content: Buffer): object {
  const { BCC: _, ...shown } = headers;
  return {
    fields: { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey: routingKeys[0] },
    properties: { ...decodeProperties(properties), headers: decodeHeaders(shown) },
    content,
  };
}
