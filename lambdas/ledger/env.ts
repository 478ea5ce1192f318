import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';

export const envSchema = consumerEnvSchema.extend({ LEDGER_TABLE: z.string().min(1) });

export type Env = z.infer<typeof envSchema>;
