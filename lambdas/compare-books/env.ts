import { z } from 'zod';
import { exceptionsEnvSchema } from '../shared/exceptions/env.ts';

const count = z.coerce.number().int().positive();

export const envSchema = z.object({
  ORDERS_TABLE: z.string().min(1),
  LEDGER_TABLE: z.string().min(1),
  REFUNDS_TABLE: z.string().min(1),
  STOCK_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
  /** Where it is noted how far the round has come. */
  SEQUENCES_TABLE: z.string().min(1),
  /** What has moved less than that ago is on its way. */
  COMPARE_SETTLE_SECONDS: count,
  COMPARE_ROUND_EVERY_SECONDS: count,
  COMPARE_PAGE_SIZE: count,
  COMPARE_MOST_DIFFERENCES: count,
  ...exceptionsEnvSchema.shape,
});

export type Env = z.infer<typeof envSchema>;
