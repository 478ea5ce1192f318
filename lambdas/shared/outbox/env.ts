import { z } from 'zod';
import { brokerEnvSchema } from '../broker/env.ts';
import { exceptionsEnvSchema } from '../exceptions/env.ts';

/** What a function that delivers outbox rows needs to know. */
export const relayEnvSchema = brokerEnvSchema.extend({
  OUTBOX_TABLE: z.string().min(1),
  /** How long a relayed row is kept. */
  OUTBOX_KEEP_SECONDS: z.coerce.number().int().positive(),
  /** Which aggregates wait for one of their rows. */
  OUTBOX_HOLDS_TABLE: z.string().min(1),
  ...exceptionsEnvSchema.shape,
});

export type RelayEnv = z.infer<typeof relayEnvSchema>;
