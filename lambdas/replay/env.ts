import type { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';
import { exceptionsEnvSchema } from '../shared/exceptions/env.ts';

export const envSchema = brokerEnvSchema.extend(exceptionsEnvSchema.shape);

export type Env = z.infer<typeof envSchema>;
