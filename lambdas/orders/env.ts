import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';

export const envSchema = consumerEnvSchema.extend({
  ORDERS_TABLE: z.string().min(1),
  REFUNDS_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
});

export type Env = z.infer<typeof envSchema>;
