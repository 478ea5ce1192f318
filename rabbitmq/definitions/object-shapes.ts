import { z } from 'zod';
import type { Headers } from '../message.ts';
import { policyTargets } from './definitions.ts';

/** The objects of a definitions document as RabbitMQ's importer takes them: kindly, older exports leave fields out (rule 4.9.7). */

/** AMQP's short string (rule 4.1.7). */
export const shortString = z.string().refine((text) => new TextEncoder().encode(text).length <= 255, {
  error: 'is over 255 bytes of UTF-8 (rule 4.1.7)',
});
const vhost = shortString.optional();

/** An old exporter writes an empty table as `[]`. */
const table = z
  .custom<Headers | []>((value) => typeof value === 'object' && value !== null, { error: 'is not an object' })
  .refine((value) => !Array.isArray(value) || value.length === 0, { error: 'is not an object' })
  .transform((value): Headers => (Array.isArray(value) ? {} : value));
const argumentsTable = table.optional().transform((value): Headers => value ?? {});

export const vhostShape = z.looseObject({
  name: shortString,
  /** Only this place counts on import: a `default_queue_type` beside it changes nothing (run on 4.0.5 and 4.3.6). */
  metadata: z.looseObject({ default_queue_type: z.string().nullish() }).nullish().catch(undefined),
});

export const exchangeShape = z.looseObject({
  name: shortString,
  vhost,
  type: z.string(),
  durable: z.boolean().default(true),
  auto_delete: z.boolean().default(false),
  internal: z.boolean().default(false),
  arguments: argumentsTable,
});

export const queueShape = z.looseObject({
  name: shortString,
  vhost,
  type: z.string().optional(),
  durable: z.boolean().default(true),
  auto_delete: z.boolean().default(false),
  arguments: argumentsTable,
});

export const bindingShape = z.looseObject({
  source: shortString,
  vhost,
  destination: shortString,
  destination_type: z.enum(['queue', 'exchange'], { error: 'must be queue or exchange' }),
  routing_key: shortString.default(''),
  arguments: argumentsTable,
});

const policyValue = {
  pattern: z.string(),
  'apply-to': z.enum(policyTargets, { error: `must be one of ${policyTargets.join(', ')}` }).default('all'),
  priority: z.int({ error: 'must be an integer' }).default(0),
  definition: table,
};

export const policyShape = z.looseObject({ name: shortString, vhost, ...policyValue });

export const operatorPolicyShape = z.looseObject(policyValue);

export const parameterShape = z.looseObject({ component: z.string(), name: z.string(), vhost, value: z.unknown() });

/** Fields that the management API adds when its answers are saved instead of an export; none changes a route. */
const ofTheApi = ['user_who_performed_action', 'policy', 'operator_policy', 'effective_policy_definition', 'state'];
const known: Readonly<Record<string, readonly string[]>> = {
  exchanges: [...ofTheApi, ...Object.keys(exchangeShape.shape), 'message_stats'],
  queues: [...ofTheApi, ...Object.keys(queueShape.shape), 'exclusive', 'node'],
  bindings: [...Object.keys(bindingShape.shape), 'properties_key'],
  policies: Object.keys(policyShape.shape),
};

/** Fields of an object that nobody here understands. */
export function unknownFields(section: string, value: object): string[] {
  const fields = known[section];
  return fields ? Object.keys(value).filter((field) => !fields.includes(field)) : [];
}
