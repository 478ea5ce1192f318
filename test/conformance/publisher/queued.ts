import type { MessageProperties } from 'amqplib';

/** A message as a consumer reads it from a queue. */
export interface Queued {
  readonly exchange: string;
  readonly key: string;
  /** In base64. */
  readonly content: string;
  /** Those it has, and its headers, in amqplib's spelling, as JSON. */
  readonly properties: unknown;
}

export interface Delivered {
  readonly fields: { readonly exchange: string; readonly routingKey: string };
  readonly content: Buffer;
  readonly properties: MessageProperties;
}

export function queued({ fields, content, properties }: Delivered): Queued {
  // An empty message id is none to Warren, which makes an event id of its own.
  const messageId = properties.messageId || undefined;
  return {
    exchange: fields.exchange,
    key: fields.routingKey,
    content: content.toString('base64'),
    properties: asJson({ ...properties, messageId }),
  };
}

/** What is undefined is left out; brokers keep no order of headers. */
export function asJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([name], [other]) => (name < other ? -1 : 1)))
        : one,
    ),
  );
}
