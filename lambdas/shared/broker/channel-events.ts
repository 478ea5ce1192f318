import type { Message } from '../../../rabbitmq/message.ts';
import type { ChannelError } from '../../../rabbitmq/publishing/channel-error.ts';
import type { Settled } from '../../../rabbitmq/publishing/confirms.ts';

/** What a RabbitMQ channel would have told its publisher. */
export type ChannelEvent =
  | {
      readonly method: 'basic.return';
      readonly reply_code: 312;
      readonly reply_text: 'NO_ROUTE';
      readonly exchange: string;
      /** The first key. */
      readonly routing_key: string;
      readonly message_id: string;
    }
  | Settled
  | { readonly method: 'tx.commit-ok' }
  | {
      /** 540 closes the connection with the channel. */
      readonly method: 'channel.close' | 'connection.close';
      readonly reply_code: number;
      readonly reply_text: string;
    };

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
