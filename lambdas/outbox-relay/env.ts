import { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';

export const envSchema = brokerEnvSchema.extend({
  OUTBOX_TABLE: z.string().min(1),
  /** How long a relayed row is kept. */
  OUTBOX_KEEP_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
