import { z } from 'zod';
import type { MessageReport } from '../broker/channel.ts';
import type { ChannelEvent } from '../broker/channel-events.ts';
import { headersSchema, propertiesSchema } from '../broker/envelope.ts';

const publishedMessageSchema = z
  .strictObject({
    /** At most 255 bytes of UTF-8, as the key: longer ones close the channel (rule 4.11.1). */
    exchange: z.string(),
    routing_key: z.string(),
    /** Ask for the message back, as a `basic.return`, when no queue is bound for it. */
    mandatory: z.boolean().default(false),
    /** No RabbitMQ takes it any more: 540 (rule 4.5.1). */
    immediate: z.boolean().default(false),
    /** Milliseconds until it is published, at most 2^32 - 1 (49 days): longer ones are refused (nack). */
    delay: z.int().nonnegative().default(0),
    /** Outbox mode: messages of one aggregate are delivered in the order they were written. Default: in any order. */
    aggregate: z.string().min(1).optional(),
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
export const publishRequestSchema = z
  .strictObject({
    vhost: z.string().default('/'),
    /**
     * `none`: nothing but returns and errors is told. `confirm`: an ack or a nack for each message. `tx`: routed one by one, delivered
     * together at the end, where a queue's refusal is 406 and what others took stays. `outbox`: stored together or not at all, at most 100
     * messages and 4 MB, and delivered afterwards, at least once; a message published again under its event id is stored once.
     */
    mode: z.enum(['none', 'confirm', 'tx', 'outbox']).default('confirm'),
    /** Join confirms into `multiple: true`, as RabbitMQ does. */
    multiple: z.boolean().default(false),
    /** Who would be logged in at RabbitMQ: a `user_id` must name it. */
    user: z.string().default('guest'),
    messages: z.array(publishedMessageSchema).min(1).max(1000),
  })
  .refine(({ mode, messages }) => mode === 'outbox' || messages.every(({ aggregate }) => aggregate === undefined), {
    path: ['messages'],
    error: 'name an aggregate, which only outbox mode has',
  });

export type PublishRequest = z.infer<typeof publishRequestSchema>;
export type PublishedMessage = PublishRequest['messages'][number];

export interface PublishReport extends MessageReport {
  /**
   * Outbox mode: its row, and whether this request wrote it or an earlier one. With it, `ack` says that the message is stored and will be
   * delivered; `queues` is empty, because it is routed when it is. Absent: no row, it was returned, or see `confirm`.
   */
  readonly row?: 'written' | 'written-before' | undefined;
}

export interface PublishAnswer {
  /** Whether the channel is still open: no error closed it. Look at the reports for what is stored. */
  readonly ok: boolean;
  /** What the channel would have told its publisher, in its order; delivery tags start at 1. An error that closes it comes last. */
  readonly events: readonly ChannelEvent[];
  /** One per message, in order. After an error: what came before it was sent and stays sent. */
  readonly messages: readonly PublishReport[];
  readonly channel_error?: { readonly reply_code: number; readonly reply_text: string };
}
