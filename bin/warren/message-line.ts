import { z } from 'zod';
import type { Headers } from '../../rabbitmq/message.ts';
import type { PublishRequest } from '../../rabbitmq/publishing/publish.ts';
import { hashableProperties } from '../../rabbitmq/topology.ts';

const keys = z.array(z.string());

const messageSchema = z.strictObject({
  vhost: z.string().optional(),
  exchange: z.string(),
  routingKey: z.string().default(''),
  headers: z
    .custom<Headers>((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
    .optional(),
  mandatory: z.boolean().optional(),
  cc: keys.optional(),
  bcc: keys.optional(),
  expiration: z.string().optional(),
  /** What a consistent-hash exchange may hash. */
  properties: z.partialRecord(z.enum(hashableProperties), z.union([z.string(), z.number()])).optional(),
});

export type MessageLine = z.input<typeof messageSchema>;

/** The line is no message. */
export class InvalidMessageError extends Error {
  override readonly name = 'InvalidMessageError';
}

/** A line of `warren route`. Throws an `InvalidMessageError` that names the field. */
export function parseMessageLine(line: string, vhost: string): PublishRequest {
  if (line.trim() === '') throw new InvalidMessageError('the line is empty');
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new InvalidMessageError('the line is not JSON');
  }
  const parsed = messageSchema.safeParse(json);
  if (!parsed.success) {
    throw new InvalidMessageError(parsed.error.issues.map(reasonOf).join('; '));
  }
  return toPublishRequest(parsed.data, vhost);
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return [...issue.path, issue.message].join(': ');
  return issue.keys.map((key) => `${[...issue.path, key].join(': ')} is no field of a message${meant(key)}`).join('; ');
}

/** `routing_key`, as `publish` and AMQP spell it, and the like. */
function meant(key: string): string {
  const plain = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();
  const known = Object.keys(messageSchema.shape).find((name) => plain(name) === plain(key));
  return known === undefined ? '' : `: write ${known} here`;
}

/** `cc` and `bcc` stand for the headers RabbitMQ reads them from. */
export function toPublishRequest(message: z.output<typeof messageSchema>, vhost: string): PublishRequest {
  const { cc, bcc, headers = {}, properties, ...rest } = message;
  const { message_id, correlation_id, timestamp } = properties ?? {};
  return {
    ...rest,
    vhost: message.vhost ?? vhost,
    headers: { ...headers, ...(cc && { CC: cc }), ...(bcc && { BCC: bcc }) },
    properties: {
      ...(message_id !== undefined && { message_id: String(message_id) }),
      ...(correlation_id !== undefined && { correlation_id: String(correlation_id) }),
      ...(timestamp !== undefined && { timestamp: Number(timestamp) }),
    },
  };
}
