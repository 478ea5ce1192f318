import type { ClientMessage } from '../../../rabbitmq/message.ts';
import { decodeHeaders } from './decode-headers.ts';

/** What amqplib's `return` event hands over. */
export function returnOf(message: ClientMessage, content: Buffer): object {
  const { exchange, routingKeys, properties, headers } = message;
  return {
    fields: { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey: routingKeys[0] },
    properties: { headers: decodeHeaders(headers), messageId: properties.message_id, type: properties.type },
    content,
  };
}
