import { z } from 'zod';
import { brokerEnvSchema } from '../broker/env.ts';
import { exceptionsEnvSchema } from '../exceptions/env.ts';

/** What every consumer needs to know about its deployment. */
export const consumerEnvSchema = brokerEnvSchema.extend({
  IDEMPOTENCY_TABLE: z.string().min(1),
  /** Longer than a message can live in its queue and its dead-letter queue together; synth refuses less. */
  IDEMPOTENCY_EXPIRES_AFTER_SECONDS: z.coerce.number().int().positive(),
  ...exceptionsEnvSchema.shape,
  /** N: after N + 1 failures a message is dead. */
  DELIVERY_LIMIT: z.coerce.number().int().nonnegative(),
  /** Age from which on a message becomes an exception instead of waiting for another try. Unset where SQS's retention stands for a TTL. */
  KEEP_AFTER_SECONDS: z.coerce.number().int().positive().optional(),
  /** With so many receives SQS moves a message to the dead-letter queue. */
  MAX_RECEIVES: z.coerce.number().int().positive(),
  RETRY_MIN_SECONDS: z.coerce.number().int().nonnegative(),
  RETRY_MAX_SECONDS: z.coerce.number().int().positive(),
  /** Seconds, one step after another, in the place of what the two above make: `15,15,30`. Empty: no schedule. */
  RETRY_SCHEDULE_SECONDS: z
    .string()
    .regex(/^(\d+(,\d+)*)?$/)
    .transform((steps) => steps.split(',').filter(Boolean).map(Number)),
  /** Its folder in `lambdas/`. */
  CONSUMER: z.string().min(1),
  CIRCUITS_TABLE: z.string().min(1),
  /** So many messages that fail because something is down, without a success between, open the circuit. 0: never. */
  CIRCUIT_OPENS_AFTER: z.coerce.number().int().nonnegative(),
  CIRCUIT_FIRST_PROBE_SECONDS: z.coerce.number().int().positive(),
});

export type ConsumerEnv = z.infer<typeof consumerEnvSchema>;
