import type { MessageProperties } from 'amqplib';
import type { Properties } from '../../../rabbitmq/message.ts';

/** Properties in amqplib's spelling; what is absent is undefined. */
export function decodeProperties(properties: Partial<Properties>): Omit<MessageProperties, 'headers'> {
  return {
    contentType: properties.content_type,
    contentEncoding: properties.content_encoding,
    deliveryMode: properties.delivery_mode,
    priority: properties.priority,
    correlationId: properties.correlation_id,
    replyTo: properties.reply_to,
    expiration: properties.expiration,
    messageId: properties.message_id,
    timestamp: properties.timestamp,
    type: properties.type,
    userId: properties.user_id,
    appId: properties.app_id,
    clusterId: undefined,
  };
}
