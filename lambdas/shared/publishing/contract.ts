import { z } from 'zod';
import { headersSchema, propertiesSchema } from '../broker/envelope.ts';
import { channelErrorSchema, channelEventSchema, messageReportSchema } from '../broker/report.ts';

/** The descriptions are the documentation: docs/schemas holds them as JSON Schema (`npm run schemas`). */

const publishedPropertiesSchema = propertiesSchema
  .partial({ message_id: true })
  .extend({
    message_id: propertiesSchema.shape.message_id
      .optional()
      .describe(
        'Event id. A UUIDv7 is made when it is absent, and told in the report; give your own to publish again safely after an unknown.',
      ),
    timestamp: propertiesSchema.shape.timestamp.describe('Seconds since 1970.'),
    delivery_mode: propertiesSchema.shape.delivery_mode.describe('1 is stored as durably as 2.'),
    expiration: propertiesSchema.shape.expiration.describe(
      "The message's own TTL: milliseconds, as text, at most ten years.",
    ),
    user_id: propertiesSchema.shape.user_id.describe('Must be the `user` of the request, else 406.'),
  })
  .describe("AMQP's basic properties, in the spelling of RabbitMQ's HTTP API.");

export const publishedMessageSchema = z
  .strictObject({
    exchange: z
      .string()
      .describe(
        'Name of the exchange, "" for the default exchange; at most 255 bytes of UTF-8. One that is missing is 404, an internal one 403.',
      ),
    routing_key: z.string().describe('At most 255 bytes of UTF-8: a longer one is 406.'),
    mandatory: z
      .boolean()
      .default(false)
      .describe('Ask for the message back, as a basic.return before its confirm, when no queue is bound for it.'),
    immediate: z.boolean().default(false).describe('No RabbitMQ takes it any more: true is 540.'),
    delay: z
      .int()
      .nonnegative()
      .default(0)
      .describe('Milliseconds until it is published, at most 2^32 - 1 (49 days): a longer one is nacked.'),
    aggregate: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Mode outbox: messages of one aggregate are delivered in the order they were written. Default: in any order.',
      ),
    properties: publishedPropertiesSchema.default({}),
    headers: headersSchema
      .meta({ type: 'object' })
      .default({})
      .describe('Any JSON values, at most 64 deep. CC and BCC are arrays of further routing keys; BCC is taken out.'),
    payload: z
      .string()
      .refine((text) => text.isWellFormed(), { error: 'is not well-formed Unicode; send bytes as base64' })
      .describe(
        'The body, at most 16 MiB unless the stage says otherwise: a longer one is 406. What is over 1 MiB with its envelope travels through S3.',
      ),
    payload_encoding: z
      .enum(['string', 'base64'])
      .default('string')
      .describe('string: the payload is the text itself. base64: it stands for bytes.'),
  })
  .refine(({ payload, payload_encoding }) => payload_encoding === 'string' || z.base64().safeParse(payload).success, {
    path: ['payload'],
    error: 'is not base64, although payload_encoding says so',
  });

/** Of an `aggregate` in another mode: there is no row that could have one. */
export const onlyInOutbox = 'only mode outbox has aggregates: leave it out, or publish in mode outbox';

export type PublishedMessage = z.infer<typeof publishedMessageSchema>;

export const reportDetailSchema = z.enum(['queues', 'problems', 'none']);
export type ReportDetail = z.infer<typeof reportDetailSchema>;

export const mostMessages = 1000;

/** What the producer takes: messages in the order a channel would have published them. */
export const publishRequestSchema = z
  .strictObject({
    vhost: z.string().default('/').describe('Where the exchanges are.'),
    mode: z
      .enum(['none', 'confirm', 'tx', 'outbox'])
      .default('confirm')
      .describe(
        'none: nothing but returns and errors is told as events. confirm: an ack or a nack for each message. tx: routed one by one, delivered together at the end; when a queue refuses that is 406, and what others took stays. outbox: stored together or not at all, at most 100 messages and 4 MB, and delivered afterwards, at least once; a message published again under its event id is stored once.',
      ),
    multiple: z.boolean().default(false).describe('Join confirms into `multiple: true`, as RabbitMQ does.'),
    user: z.string().default('guest').describe('Who would be logged in at RabbitMQ.'),
    detail: reportDetailSchema
      .default('queues')
      .describe(
        'Which queues the reports list. queues: all. problems: those that did not store the message. none: no queue. Whatever is asked for, an answer over 6 MB tells less, and says so.',
      ),
    messages: z
      .array(publishedMessageSchema)
      .min(1)
      .max(mostMessages)
      .describe('In the order of publishing; the whole request at most 6 MB, which is what Lambda takes.'),
  })
  .check(({ value: { mode, messages }, issues }) => {
    for (const [at, { aggregate }] of mode === 'outbox' ? [] : messages.entries()) {
      if (aggregate === undefined) continue;
      issues.push({
        code: 'custom',
        input: aggregate,
        path: ['messages', at, 'aggregate'],
        message: onlyInOutbox,
      });
    }
  })
  .meta({ title: 'publish: request', description: 'One request is one channel, from its opening to its end.' });

/** What the error begins with that the function throws for a request that does not fit: the one failure after which nothing was sent. */
export const invalidRequestText = 'the request cannot be published, nothing was sent';

export type PublishRequest = z.infer<typeof publishRequestSchema>;

export const publishReportSchema = messageReportSchema.extend({
  row: z
    .enum(['written', 'written-before'])
    .optional()
    .describe(
      'Mode outbox: its row, and whether it was written for this message, or before: by an earlier request, or for the same event earlier in this one. With it, ack says that the message is stored and will be delivered; queues is empty, because it is routed when it is. Absent: no row, it was returned, or see confirm.',
    ),
});
export type PublishReport = Readonly<z.infer<typeof publishReportSchema>>;

export const publishAnswerSchema = z
  .object({
    ok: z
      .boolean()
      .describe('Whether the channel is still open: no error closed it. Look at the reports for what is stored.'),
    events: z
      .array(channelEventSchema)
      .readonly()
      .describe(
        'What the channel would have told its publisher, in its order. An error that closes it comes last. An unknown is no event: a lost connection tells nothing either.',
      ),
    detail: reportDetailSchema.describe('Which queues the reports list.'),
    messages: z.array(publishReportSchema).readonly().describe('One report per message, in their order.'),
    channel_error: channelErrorSchema.optional().describe('What closed the channel, if something did.'),
  })
  .meta({
    title: 'publish: answer',
    description: 'What a RabbitMQ channel would have told, and what is known beyond that.',
  });

export type PublishAnswer = Readonly<z.infer<typeof publishAnswerSchema>>;
