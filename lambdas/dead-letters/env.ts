import { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';

export const envSchema = brokerEnvSchema.extend({ EXCEPTIONS_TABLE: z.string().min(1) });

export type Env = z.infer<typeof envSchema>;
