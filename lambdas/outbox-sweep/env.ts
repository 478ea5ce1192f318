import { z } from 'zod';
import { relayEnvSchema } from '../shared/outbox/env.ts';

export const envSchema = relayEnvSchema.extend({
  /** A row that is undelivered for longer is no longer left to the stream. */
  OUTBOX_OVERDUE_AFTER_SECONDS: z.coerce.number().int().positive(),
  /** When an aggregate has not got any further for so long, what its queues refuse becomes an exception. */
  OUTBOX_GIVE_UP_AFTER_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
