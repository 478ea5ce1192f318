import type { Options } from 'amqplib';
import type { Headers, Message } from '../../../rabbitmq/message.ts';
import { encodeHeaders } from './encode-headers.ts';

export interface ToMessageOptions {
  readonly vhost: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
  /** Where the options name no `messageId`. */
  readonly eventId: string;
}

/** What amqplib would have sent for these options: CC and BCC become headers, `persistent` and `deliveryMode` the same property. */
export function toMessage({ vhost, exchange, routingKey, content, options, eventId }: ToMessageOptions): Message {
  const { expiration, timestamp } = options;
  return {
    vhost,
    exchange: shortString('exchange', exchange),
    routingKeys: [shortString('routingKey', routingKey)],
    properties: {
      message_id: options.messageId ?? eventId,
      content_type: options.contentType,
      content_encoding: options.contentEncoding,
      correlation_id: options.correlationId,
      reply_to: options.replyTo,
      timestamp,
      type: options.type,
      app_id: options.appId,
      delivery_mode: deliveryModeOf(options),
      priority: options.priority,
      expiration: expiration === undefined ? undefined : String(expiration),
      user_id: options.userId,
    },
    headers: { ...encodeHeaders(tableOf(options.headers)), ...keysOf('CC', options.CC), ...keysOf('BCC', options.BCC) },
    ...payloadOf(content),
  };
}

function deliveryModeOf({ persistent, deliveryMode }: Options.Publish): 1 | 2 | undefined {
  if (persistent !== undefined) return persistent ? 2 : 1;
  if (deliveryMode === undefined) return undefined;
  return deliveryMode === true || deliveryMode === 2 ? 2 : 1;
}

/** Whatever is falsy is none. */
function tableOf(headers: unknown): object {
  if (!headers) return {};
  if (typeof headers === 'object') return headers;
  throw new TypeError("Field 'headers' is the wrong type; must be an object");
}

function keysOf(header: 'CC' | 'BCC', keys: string | string[] | undefined): Headers {
  if (keys === undefined) return {};
  return { [header]: Array.isArray(keys) ? keys.map(String) : [String(keys)] };
}

/** AMQP's short string: undefined is the empty one. */
function shortString(field: string, value: unknown = ''): string {
  if (typeof value === 'string' && Buffer.byteLength(value) < 256) return value;
  throw new TypeError(`Field '${field}' is the wrong type; must be a string (up to 255 chars)`);
}

/** Text stays readable in SQS; bytes that are no UTF-8 travel as base64. */
function payloadOf(content: Buffer): Pick<Message, 'payload' | 'payloadEncoding'> {
  try {
    const payload = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return { payload, payloadEncoding: 'string' };
  } catch {
    return { payload: content.toString('base64'), payloadEncoding: 'base64' };
  }
}
