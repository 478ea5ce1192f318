import { z } from 'zod';

/** What publishers are told: the one source of these types, and of the JSON Schema in docs/schemas. */

const replyCode = z.int().describe("RabbitMQ's reply code.");
const replyText = z.string().describe("RabbitMQ's reply text, at most 255 bytes.");
const deliveryTag = z.int().positive().describe('Number of the message in its channel, from 1.');

const returnSchema = z
  .object({
    method: z.literal('basic.return'),
    reply_code: z.literal(312),
    reply_text: z.literal('NO_ROUTE'),
    exchange: z.string(),
    routing_key: z.string().describe("The message's own key, without CC and BCC."),
    message_id: z.string().describe('Event id of the message that comes back.'),
  })
  .describe('A mandatory message that no queue is bound for. It is confirmed after it, with an ack.');

const settledSchema = z
  .object({
    method: z.enum(['basic.ack', 'basic.nack']),
    delivery_tag: deliveryTag,
    multiple: z.boolean().describe('Settles every earlier tag too that is not settled yet.'),
  })
  .describe('Mode confirm: every queue has stored the message, or one has refused it.');

const committedSchema = z
  .object({ method: z.literal('tx.commit-ok') })
  .describe('Mode tx: every queue has stored every message.');

const closedSchema = z
  .object({
    method: z.enum(['channel.close', 'connection.close']).describe('540 closes the connection with the channel.'),
    reply_code: replyCode,
    reply_text: replyText,
  })
  .describe('An error: what stands before it is sent and stays sent, what comes after is not published.');

export const channelErrorSchema = closedSchema.pick({ reply_code: true, reply_text: true }).extend({
  message: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'Which message of the request it is about, from 0. Absent: no one alone, a transaction was not completed.',
    ),
});

/** What a RabbitMQ channel would have told its publisher. */
export const channelEventSchema = z.discriminatedUnion('method', [
  returnSchema,
  settledSchema,
  committedSchema,
  closedSchema,
]);
export type ChannelEvent = z.infer<typeof channelEventSchema>;

const reason = z.string().describe('In the words of whoever refused or was silent.');
const whenItWaits = {
  delayMs: z
    .int()
    .positive()
    .optional()
    .describe('It waits for so many milliseconds, then it is in the queue. Absent: it is there now.'),
  leaves: z
    .literal(true)
    .optional()
    .describe('The queue is a delay: then the message leaves it, to where its dead-letter exchange leads.'),
};
const inQueueSchema = z
  .object({
    outcome: z.literal('stored'),
    sqsMessageId: z.string().describe('For tracing: it changes on redrive.'),
    ...whenItWaits,
  })
  .describe('SQS has it.');
const inScheduleSchema = z
  .object({ outcome: z.literal('stored'), schedule: z.string(), ...whenItWaits })
  .describe('It waits as a schedule of that name, for longer than SQS delays.');
const refusedSchema = z
  .object({
    outcome: z.literal('refused'),
    reason,
    permanent: z
      .literal(true)
      .optional()
      .describe('The message as it is can never be stored there: to publish it again would be refused again.'),
    deadLettered: z
      .literal(true)
      .optional()
      .describe('The queue was full, and its letter is stored: to publish again would make another.'),
  })
  .describe('The queue does not have it.');
const unknownSchema = z
  .object({ outcome: z.literal('unknown'), reason })
  .describe('No answer came: the queue may have it.');

/** What is known of one send. `unknown`: no answer came, the message may be stored. */
export const sendOutcomeSchema = z.union([inQueueSchema, inScheduleSchema, refusedSchema, unknownSchema]);
export type SendOutcome = z.infer<typeof sendOutcomeSchema>;
export type Refused = z.infer<typeof refusedSchema>;

const atQueue = { queue: z.string().describe("RabbitMQ's name of the queue.") };
export const queueOutcomeSchema = z.union([
  inQueueSchema.extend(atQueue),
  inScheduleSchema.extend(atQueue),
  refusedSchema.extend(atQueue),
  unknownSchema.extend(atQueue),
]);
export type QueueOutcome = z.infer<typeof queueOutcomeSchema>;

/** What became of one message, as far as it is known. */
export const messageReportSchema = z.object({
  delivery_tag: deliveryTag.optional().describe('From 1; absent outside mode confirm, and of what was not published.'),
  message_id: z.string().describe('Its event id: the one given, or the one made for it.'),
  confirm: z
    .enum(['ack', 'nack', 'unknown', 'not-published'])
    .describe(
      'ack: every queue it was routed to has stored it, also when there was none. nack: a queue refused it; copies that others stored stay. unknown: no queue refused it and one did not answer: publish it again with the same message_id. not-published: an error closed the channel before it.',
    ),
  routed: z
    .int()
    .nonnegative()
    .describe('How many queues it was routed to. 0: no queue is bound for it, it is nowhere.'),
  queues: z
    .array(queueOutcomeSchema)
    .readonly()
    .describe('What became of it in each queue; which ones are listed, `detail` says.'),
});
export type MessageReport = Readonly<z.infer<typeof messageReportSchema>>;
