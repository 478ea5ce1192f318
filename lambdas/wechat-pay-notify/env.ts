import type { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';
import { merchantSecretEnvSchema } from '../shared/wechat-pay/secret-env.ts';

export const envSchema = brokerEnvSchema.extend(merchantSecretEnvSchema.shape);

export type Env = z.infer<typeof envSchema>;
