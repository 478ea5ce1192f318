import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';

export const envSchema = consumerEnvSchema.extend({
  STOCK_TABLE: z.string().min(1),
  ORDERS_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
  /** How long goods lie ready for an order that is not paid. */
  STOCK_HOLD_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
