import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';
import type { Headers, Message } from '../../../rabbitmq/message.ts';
import { defaultExchange } from '../../../rabbitmq/topology.ts';
import { PermanentError } from '../consumer/errors.ts';
import { type Claimed, claimSchema } from './claim.ts';

/** The message attribute that carries everything of an AMQP message but its body. */
export const envelopeAttribute = 'amqp';

/** Deeper tables and arrays are refused: walking them could exhaust the stack. RabbitMQ's own headers need four levels. */
export const deepestHeaders = 64;

/**
 * Headers as JSON holds them. Not a schema of their values, which any JSON value is: a recursive one overflows on deep input
 * and skips a header called `__proto__`.
 */
export const headersSchema = z
  .custom<Headers>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'is not an object',
  })
  .refine((headers) => depthOf(headers) <= deepestHeaders, { error: `is nested over ${deepestHeaders} deep` });

/** Level by level, without recursion. */
function depthOf(value: object): number {
  let depth = 0;
  for (let level: unknown[] = [value]; level.length > 0 && depth <= deepestHeaders; depth++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return depth;
}

export const propertiesSchema = z.strictObject({
  content_type: z.string().optional(),
  content_encoding: z.string().optional(),
  correlation_id: z.string().optional(),
  reply_to: z.string().optional(),
  message_id: z.string().min(1),
  timestamp: z.int().nonnegative().optional(),
  type: z.string().optional(),
  delivery_mode: z.literal([1, 2]).optional(),
  priority: z.int().min(0).max(255).optional(),
  expiration: z.string().optional(),
  user_id: z.string().optional(),
  app_id: z.string().optional(),
});

/** Version 1 of the envelope. Another major version is parked by its reader, never guessed at. */
const envelopeSchema = z
  .object({
    version: z.literal(1),
    vhost: z.string(),
    exchange: z.string(),
    routing_keys: z.array(z.string()).min(1),
    /** Keys of BCC: they route a letter too. */
    bcc: z.array(z.string()).optional(),
    properties: propertiesSchema
      .loose()
      .refine((value) => depthOf(value) <= deepestHeaders, { error: 'is nested too deep' }),
    headers: headersSchema,
    /** How the SQS body stands for the payload. `empty` and `claim` are placeholders: SQS takes no empty body, and none over 1 MiB. */
    body: z.enum(['text', 'base64', 'empty', 'claim']),
    /** Where the body lies that the placeholder stands for. */
    claim: claimSchema.optional(),
    /** Milliseconds since 1970. */
    expires_at: z.int().nonnegative().optional(),
    /** The client gave no message id. */
    id_is_made: z.literal(true).optional(),
  })
  .refine(({ body, claim }) => (body === 'claim') === (claim !== undefined), {
    path: ['claim'],
    error: 'belongs to a body that is elsewhere, and to no other',
  });

type Envelope = z.infer<typeof envelopeSchema>;

export interface SqsMessage {
  readonly MessageBody: string;
  readonly MessageAttributes: Record<string, MessageAttributeValue>;
  readonly DelaySeconds?: number;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** The SQS body is the RabbitMQ body, so that anything else on AWS can read it, unless that is claimed; the rest is the envelope. */
export function encodeMessage(message: Message | Claimed): SqsMessage {
  const { text, ...body } = encodeBody(message);
  const envelope: Envelope = {
    version: 1,
    vhost: message.vhost,
    exchange: message.exchange,
    routing_keys: [...message.routingKeys],
    ...(message.bcc !== undefined && { bcc: [...message.bcc] }),
    properties: message.properties,
    headers: message.headers,
    ...body,
    ...(message.expiresAt !== undefined && { expires_at: message.expiresAt }),
    ...(message.idIsMade && { id_is_made: true }),
  };
  return {
    MessageBody: text,
    MessageAttributes: {
      [envelopeAttribute]: { DataType: 'String', StringValue: escapeRefused(JSON.stringify(envelope)) },
    },
  };
}

/** 1 MiB (SQS, quotas-messages). */
export const maxMessageBytes = 1_048_576;

/** Bytes SQS counts towards its limit: the body, and name, type and value of each attribute (SQS, quotas-messages). */
export function sqsMessageBytes({ MessageBody, MessageAttributes }: SqsMessage): number {
  const attributes = Object.entries(MessageAttributes).flatMap(([name, { DataType, StringValue }]) => [
    name,
    DataType ?? '',
    StringValue ?? '',
  ]);
  return [MessageBody, ...attributes].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** The record has an `amqp` attribute that this version cannot read. */
export class UnreadableEnvelopeError extends PermanentError {
  override readonly name = 'UnreadableEnvelopeError';

  constructor(sqsMessageId: string, reason: string) {
    super(`the ${envelopeAttribute} attribute of SQS message ${sqsMessageId} cannot be read: ${reason}`);
  }
}

interface QueueName {
  readonly vhost: string;
  readonly name: string;
}

/** The AMQP message a record stands for. Throws an `UnreadableEnvelopeError`. */
export function decodeRecord(record: SQSRecord, queue: QueueName): Message | Claimed {
  const attribute = record.messageAttributes[envelopeAttribute]?.stringValue;
  return attribute === undefined
    ? plainMessage(record, queue)
    : decodeMessage(record.body, attribute, record.messageId);
}

/**
 * A record without an envelope (sent by hand from the console) reads as published to the default exchange with the queue's name as
 * routing key, its SQS message id as event id.
 */
export function plainMessage({ body, messageId }: SQSRecord, { vhost, name }: QueueName): Message {
  return {
    vhost,
    exchange: defaultExchange,
    routingKeys: [name],
    properties: { message_id: messageId },
    headers: {},
    payload: body,
    payloadEncoding: 'string',
  };
}

/** What `encodeMessage` made these two of. Throws an `UnreadableEnvelopeError`. */
export function decodeMessage(body: string, attribute: string, sqsMessageId: string): Message | Claimed {
  const envelope = parseEnvelope(attribute, sqsMessageId);
  const message: Omit<Message, 'payload' | 'payloadEncoding'> = {
    vhost: envelope.vhost,
    exchange: envelope.exchange,
    routingKeys: envelope.routing_keys,
    ...(envelope.bcc !== undefined && { bcc: envelope.bcc }),
    properties: envelope.properties,
    headers: envelope.headers,
    ...(envelope.expires_at !== undefined && { expiresAt: envelope.expires_at }),
    ...(envelope.id_is_made && { idIsMade: true }),
  };
  if (envelope.claim) return { ...message, claim: envelope.claim };
  return {
    ...message,
    payload: envelope.body === 'empty' ? '' : body,
    payloadEncoding: envelope.body === 'base64' ? 'base64' : 'string',
  };
}

function parseEnvelope(text: string, sqsMessageId: string): Envelope {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UnreadableEnvelopeError(sqsMessageId, 'it is not JSON');
  }
  const parsed = envelopeSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new UnreadableEnvelopeError(sqsMessageId, z.prettifyError(parsed.error).replaceAll('\n', '; '));
}

function encodeBody(message: Message | Claimed): Pick<Envelope, 'body' | 'claim'> & { readonly text: string } {
  if ('claim' in message) {
    const { bytes, key } = message.claim;
    return { body: 'claim', claim: message.claim, text: `(${bytes} bytes, in S3 as ${key})` };
  }
  const { payload, payloadEncoding } = message;
  if (payload === '') return { body: 'empty', text: '(empty)' };
  if (payloadEncoding === 'base64') return { body: 'base64', text: payload };
  return sqsTakes(payload)
    ? { body: 'text', text: payload }
    : { body: 'base64', text: Buffer.from(payload, 'utf8').toString('base64') };
}

/** JSON escapes what SQS refuses in an attribute (control characters, lone surrogates), but for these two. */
function escapeRefused(json: string): string {
  return json.replaceAll(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** Characters outside this set make SQS refuse the body (SQS API reference, SendMessage, MessageBody). */
function sqsTakes(text: string): boolean {
  return !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text);
}
