import { z } from 'zod';

/**
 * `open` waits for a person. `replaying`: its message is on its way again. `resolved`: that was handled. `discarded`: somebody decided that it
 * need not be. `recorded`: nobody has to do anything about it. `parked`: an operator has moved its message out of its queue, and will send it
 * again; it has failed nowhere.
 */
export const exceptionStates = ['open', 'replaying', 'resolved', 'discarded', 'recorded', 'parked'] as const;
export type ExceptionState = (typeof exceptionStates)[number];

/** One thing that an operator did to a row. */
const actSchema = z.object({
  at: z.string(),
  who: z.string(),
  act: z.string(),
  why: z.string(),
  from: z.string(),
  to: z.string(),
});

export type OperatorAct = z.infer<typeof actSchema>;

const listedSchema = z.object({
  event_id: z.string(),
  /** Place, and a digest where one event id may stand for several messages. */
  source: z.string(),
  place: z.string().default(''),
  state: z.enum(exceptionStates),
  reason: z.string(),
  error_name: z.string().default(''),
  error_message: z.string().default(''),
  fingerprint: z.string().default(''),
  business_key: z.string().optional(),
  occurrences: z.number().default(1),
  /** One more with every change: whoever acts on what has changed since is refused. */
  version: z.number().default(0),
  created_at: z.string(),
  last_at: z.string(),
});

/** A row as a list shows it: nothing of the message itself. */
export type ListedException = Readonly<z.infer<typeof listedSchema>>;

const rowSchema = listedSchema.extend({
  error_stack: z.string().optional(),
  impact: z.string().optional(),
  personal: z.array(z.string()).default([]),
  aggregate: z.string().optional(),
  /** Where its message goes when it is replayed. Absent: to its exchange. */
  queue: z.object({ vhost: z.string(), name: z.string() }).optional(),
  /** As SQS was to be sent it; where the envelope is too large for a row, its key in the bucket of bodies. */
  body: z.string().optional(),
  amqp: z.string().optional(),
  amqp_key: z.string().optional(),
  /** When SQS was sent it; in a FIFO queue, of which message group and at which place. */
  sent_at: z.string().optional(),
  message_group: z.string().optional(),
  sequence_number: z.string().optional(),
  /** How often its queue had handed it out to a consumer. */
  receives: z.number().optional(),
  replay_id: z.string().optional(),
  history: z.array(actSchema).default([]),
});

export type ExceptionRow = Readonly<z.infer<typeof rowSchema>>;

export type ExceptionKey = Pick<ListedException, 'event_id' | 'source'>;

export const listedException = (item: unknown): ListedException => listedSchema.parse(item);
export const exceptionRow = (item: unknown): ExceptionRow => rowSchema.parse(item);
