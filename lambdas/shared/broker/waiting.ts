import { createHash } from 'node:crypto';
import { z } from 'zod';
import { allKeysOf, type HeaderValue, type Message } from '../../../rabbitmq/message.ts';
import type { Claimed } from './claim.ts';
import { decodeMessage, encodeMessage, envelopeAttribute } from './envelope.ts';
import { withoutTime } from './without-time.ts';

/** A message that is kept until its time, because SQS cannot delay it for so long, or not in that queue. */
export interface Waiting<Kept extends Message | Claimed = Message> {
  readonly message: Kept;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** What was asked for when it was published; names the wait, so that a publish that is repeated waits once. */
  readonly delayMs: number;
  readonly next: NextStep;
}

/**
 * What is done when it is due: stored in the queue it was routed to, or routed by the bindings there are then; a letter of a delay queue
 * not into a cycle (rule 4.6.14).
 */
export type NextStep =
  | { readonly step: 'store'; readonly queue: string }
  | { readonly step: 'route' }
  | { readonly step: 'dead-letter' };

const waitingSchema = z.strictObject({
  version: z.literal(1),
  due_at: z.int().nonnegative(),
  delay: z.int().nonnegative(),
  next: z.discriminatedUnion('step', [
    z.strictObject({ step: z.literal('store'), queue: z.string() }),
    z.strictObject({ step: z.literal('route') }),
    z.strictObject({ step: z.literal('dead-letter') }),
  ]),
  /** As in SQS: the body, and the attribute that holds the rest. */
  body: z.string(),
  [envelopeAttribute]: z.string(),
});

/** What is kept is no message that waits; names the SQS message and fields, never values. */
export class UnreadableWaitError extends Error {
  override readonly name = 'UnreadableWaitError';

  constructor(sqsMessageId: string, reason: string) {
    super(`SQS message ${sqsMessageId} is no message that waits: ${reason}`);
  }
}

export function encodeWaiting({ message, dueAt, delayMs, next }: Waiting<Message | Claimed>): string {
  const { MessageBody, MessageAttributes } = encodeMessage(message);
  const fields: z.infer<typeof waitingSchema> = {
    version: 1,
    due_at: dueAt,
    delay: delayMs,
    next,
    body: MessageBody,
    [envelopeAttribute]: MessageAttributes[envelopeAttribute]?.StringValue ?? '',
  };
  return JSON.stringify(fields);
}

/** Throws an `UnreadableWaitError`, or an `UnreadableEnvelopeError` for the message in it. */
export function decodeWaiting(text: string, sqsMessageId: string): Waiting<Message | Claimed> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UnreadableWaitError(sqsMessageId, 'it is not JSON');
  }
  const parsed = waitingSchema.safeParse(json);
  if (!parsed.success) {
    throw new UnreadableWaitError(sqsMessageId, z.prettifyError(parsed.error).replaceAll('\n', '; '));
  }
  const { due_at: dueAt, delay: delayMs, next, body, amqp } = parsed.data;
  return { message: decodeMessage(body, amqp, sqsMessageId), dueAt, delayMs, next };
}

/**
 * Names one wait of one message: 64 hexadecimal digits. The same when a publish is repeated, another for each round through a delay
 * queue, whose deaths count up. Times are not part of it: a repeat comes later.
 */
export function waitName({ message, delayMs, next }: Waiting): string {
  const { vhost, exchange, properties, headers, payload, payloadEncoding } = message;
  const { 'x-death': deaths, ...ownHeaders } = headers;
  const content = [withoutTime(properties), ownHeaders, payload, payloadEncoding];
  const identity = [vhost, exchange, allKeysOf(message), content, delayMs, next];
  return createHash('sha256')
    .update(JSON.stringify([...identity, timeless(deaths)]))
    .digest('hex');
}

function timeless(deaths: HeaderValue | undefined): unknown {
  if (!Array.isArray(deaths)) return deaths;
  return deaths.map((death) => ({ ...death, time: undefined }));
}
