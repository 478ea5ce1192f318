import { z } from 'zod';
import type { QueueOutcome } from '../shared/broker/broker.ts';
import { headersSchema, propertiesSchema } from '../shared/broker/envelope.ts';

/** Exchange names and routing keys are AMQP short strings: at most 255 bytes of UTF-8 (rule 4.11.1). */
const shortString = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= 255, { error: 'is over 255 bytes of UTF-8' });

const publishedMessageSchema = z
  .strictObject({
    exchange: shortString,
    routing_key: shortString,
    /** Ask for the message back, as a `basic.return`, when no queue is bound for it. */
    mandatory: z.boolean().default(false),
    /** `message_id` is made when it is absent; send your own to publish again safely after an `unknown`. */
    properties: propertiesSchema.partial({ message_id: true }).default({}),
    headers: headersSchema.default({}),
    payload: z
      .string()
      .refine((text) => text.isWellFormed(), { error: 'is not well-formed Unicode; send bytes as base64' }),
    payload_encoding: z.enum(['string', 'base64']).default('string'),
  })
  .refine(({ payload, payload_encoding }) => payload_encoding === 'string' || z.base64().safeParse(payload).success, {
    path: ['payload'],
    error: 'is not base64, although payload_encoding says so',
  });

/** What the `publish` function takes: messages in the order a channel would have published them. */
export const publishRequestSchema = z.strictObject({
  vhost: shortString.default('/'),
  /** Only publisher confirms for now. */
  mode: z.literal('confirm').default('confirm'),
  messages: z.array(publishedMessageSchema).min(1).max(1000),
});

export type PublishRequest = z.infer<typeof publishRequestSchema>;
export type PublishedMessage = PublishRequest['messages'][number];

/** What a RabbitMQ channel in confirm mode would have told its publisher, in its order; delivery tags start at 1. */
export type ChannelEvent =
  | {
      readonly method: 'basic.return';
      readonly reply_code: 312;
      readonly reply_text: 'NO_ROUTE';
      readonly exchange: string;
      readonly routing_key: string;
      readonly message_id: string;
    }
  | { readonly method: 'basic.ack' | 'basic.nack'; readonly delivery_tag: number; readonly multiple: false };

export interface MessageReport {
  readonly delivery_tag: number;
  readonly message_id: string;
  readonly confirm: 'ack' | 'nack' | 'unknown';
  readonly queues: readonly QueueOutcome[];
}

export type PublishAnswer =
  | { readonly ok: true; readonly events: readonly ChannelEvent[]; readonly messages: readonly MessageReport[] }
  /** The channel is closed by an error: nothing of this request was sent. */
  | { readonly ok: false; readonly channel_error: { readonly reply_code: number; readonly reply_text: string } };
