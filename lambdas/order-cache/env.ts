import type { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';
import { orderCacheEnvSchema } from '../shared/order-cache/env.ts';

export const envSchema = consumerEnvSchema.extend(orderCacheEnvSchema.shape);

export type Env = z.infer<typeof envSchema>;
