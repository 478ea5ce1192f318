import type { Options } from 'amqplib';
import { z } from 'zod';
import type { Properties } from '../../../rabbitmq/message.ts';
import { propertiesSchema } from '../broker/envelope.ts';
import { byte, number, shortString } from './fields.ts';

const clientPropertiesSchema = propertiesSchema.extend({ message_id: z.string().optional() });

/**
 * Properties as amqplib puts them on the wire (its api_args.js and defs.js); null is absent. Throws what amqplib throws for what AMQP cannot
 * carry, and a `RangeError` for what no consumer of Warren's could read.
 */
export function encodeProperties(options: Options.Publish): Partial<Properties> {
  const properties: Partial<Properties> = {
    message_id: shortString('messageId', options.messageId),
    content_type: shortString('contentType', options.contentType),
    content_encoding: shortString('contentEncoding', options.contentEncoding),
    correlation_id: shortString('correlationId', options.correlationId),
    reply_to: shortString('replyTo', options.replyTo),
    timestamp: number('timestamp', options.timestamp),
    type: shortString('type', options.type),
    app_id: shortString('appId', options.appId),
    delivery_mode: deliveryModeOf(options),
    priority: byte('priority', options.priority),
    expiration: shortString('expiration', options.expiration === undefined ? undefined : options.expiration.toString()),
    user_id: shortString('userId', options.userId),
  };
  const parsed = clientPropertiesSchema.safeParse(properties);
  if (!parsed.success) throw new RangeError(`the properties cannot be kept: ${z.prettifyError(parsed.error)}`);
  return properties;
}

/** Any number but 2 is not persistent: so 4.0.5 and 4.3.6 have it, while 3.10.8 closes the channel for one it does not know. */
function deliveryModeOf({ persistent, deliveryMode }: Options.Publish): 1 | 2 | undefined {
  if (persistent !== undefined) return persistent ? 2 : 1;
  if (typeof deliveryMode === 'number') return byte('deliveryMode', deliveryMode) === 2 ? 2 : 1;
  return deliveryMode ? 2 : undefined;
}
