import type { Message } from '../../../rabbitmq/message.ts';
import type { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';
import type { ChannelEvent } from './report.ts';

export function returnOf(message: Message): ChannelEvent {
  return {
    method: 'basic.return',
    reply_code: 312,
    reply_text: 'NO_ROUTE',
    exchange: message.exchange,
    routing_key: message.routingKeys[0] ?? '',
    message_id: message.properties.message_id,
  };
}

export function closeOf({ replyCode: reply_code, replyText: reply_text }: ChannelError): ChannelEvent {
  return { method: reply_code === 540 ? 'connection.close' : 'channel.close', reply_code, reply_text };
}
