import { z } from 'zod';

/**
 * The shape of `definitions.json` as far as it is understood today: the objects and arguments of the worked example.
 * Anything else is reported, never ignored: a topology that is half understood would route differently from RabbitMQ.
 */

const shortString = z.string().refine((text) => new TextEncoder().encode(text).length <= 255, {
  error: 'is over 255 bytes of UTF-8 (rule 4.1.7)',
});
const vhost = shortString.default('/');
const alwaysDurable = z.literal(true, {
  error: 'must be true: SQS queues outlive a restart, transient ones do not exist',
});
const neverAutoDeleted = z.literal(false, {
  error: 'must be false: nothing on AWS deletes an object with its last user',
});

const exchange = z.strictObject({
  name: shortString,
  vhost,
  type: z.enum(['direct', 'fanout', 'topic'], {
    error: 'is not an exchange type Warren routes yet: direct, fanout or topic',
  }),
  durable: alwaysDurable.default(true),
  auto_delete: neverAutoDeleted.default(false),
  internal: z.boolean().default(false),
  arguments: z.strictObject({ 'alternate-exchange': shortString.optional() }).default({}),
});

const queue = z.strictObject({
  name: shortString,
  vhost,
  durable: alwaysDurable.default(true),
  auto_delete: neverAutoDeleted.default(false),
  type: z.enum(['classic', 'quorum', 'default']).optional(),
  arguments: z
    .strictObject({
      'x-queue-type': z
        .enum(['classic', 'quorum'], { error: 'must be classic or quorum: no other type has an SQS counterpart' })
        .optional(),
      'x-delivery-limit': z
        .int()
        .min(1, { error: 'must be at least 1: SQS needs two receives to tell a failure' })
        .max(999)
        .optional(),
      'x-dead-letter-exchange': shortString.optional(),
      'x-dead-letter-routing-key': shortString.optional(),
    })
    .default({}),
});

const binding = z.strictObject({
  source: shortString,
  vhost,
  destination: shortString,
  destination_type: z.enum(['queue', 'exchange']),
  routing_key: shortString,
  arguments: z.strictObject({}).default({}),
});

const noneYet = z.array(z.unknown()).max(0, { error: 'is not honoured yet: it must be empty' }).optional();

export const definitionsSchema = z.strictObject({
  rabbit_version: z.string().optional(),
  rabbitmq_version: z.string().optional(),
  product_name: z.string().optional(),
  product_version: z.string().optional(),
  rabbitmq_definition_format: z.string().optional(),
  original_cluster_name: z.string().optional(),
  explanation: z.string().optional(),
  metadata: z.unknown().optional(),
  // Who may do what is IAM's business on AWS; none of these changes where a message goes.
  users: z.unknown().optional(),
  permissions: z.unknown().optional(),
  topic_permissions: z.unknown().optional(),
  global_parameters: z.unknown().optional(),
  vhosts: z.array(z.looseObject({ name: shortString })).optional(),
  parameters: noneYet,
  policies: noneYet,
  exchanges: z.array(exchange).default([]),
  queues: z.array(queue).default([]),
  bindings: z.array(binding).default([]),
});

export type Definitions = z.output<typeof definitionsSchema>;
