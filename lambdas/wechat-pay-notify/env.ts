import { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';

export const envSchema = brokerEnvSchema.extend({
  WECHAT_PAY_SECRET_ID: z.string().min(1),
  /** How long a fetched secret is used; a rotated key is live after that. */
  WECHAT_PAY_SECRET_MAX_AGE_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
