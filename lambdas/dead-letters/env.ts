import { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';

export const envSchema = brokerEnvSchema.extend({
  EXCEPTIONS_TABLE: z.string().min(1),
  /** Age from which on a message that could not be stored elsewhere becomes an exception instead of staying. */
  KEEP_AFTER_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
