import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';

export const envSchema = consumerEnvSchema.extend({
  SAGAS_TABLE: z.string().min(1),
  ORDERS_TABLE: z.string().min(1),
  REFUNDS_TABLE: z.string().min(1),
  STOCK_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
  /** After which a paid order that has not come to its end is an exception. */
  SAGA_STUCK_AFTER_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
