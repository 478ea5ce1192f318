import { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';
import { exceptionsEnvSchema } from '../shared/exceptions/env.ts';

export const envSchema = brokerEnvSchema.extend({
  ...exceptionsEnvSchema.shape,
  /** Age from which on a message that could not be stored elsewhere becomes an exception instead of staying. */
  KEEP_AFTER_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
