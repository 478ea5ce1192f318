import type { Options } from 'amqplib';
import type { ClientMessage, Headers } from '../../../rabbitmq/message.ts';
import { encodeHeaders } from './encode-headers.ts';
import { encodeProperties } from './encode-properties.ts';
import { shortString } from './fields.ts';

export interface ToMessageOptions {
  readonly vhost: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
  /** For options that name no `messageId`, or an empty one. */
  readonly eventId: string;
}

/** What amqplib would have sent for these options. Throws where amqplib throws, and for what no consumer could read. */
export function toMessage({ vhost, exchange, routingKey, content, options, eventId }: ToMessageOptions): ClientMessage {
  return {
    vhost,
    exchange: methodField('exchange', exchange),
    routingKeys: [methodField('routingKey', routingKey)],
    properties: encodeProperties(options),
    headers: { ...encodeHeaders(tableOf(options.headers)), ...keysOf('CC', options.CC), ...keysOf('BCC', options.BCC) },
    ...payloadOf(content),
    eventId,
  };
}

/** Undefined is the empty one; null, unlike in properties, is wrong. */
function methodField(field: string, value: unknown): string {
  return shortString(field, value === null ? {} : value) ?? '';
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

/** Text stays readable in SQS; bytes that are no UTF-8 travel as base64. */
function payloadOf(content: Buffer): Pick<ClientMessage, 'payload' | 'payloadEncoding'> {
  try {
    const payload = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return { payload, payloadEncoding: 'string' };
  } catch {
    return { payload: content.toString('base64'), payloadEncoding: 'base64' };
  }
}
