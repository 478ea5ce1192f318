import { z } from 'zod';
import { orderCacheEnvSchema } from '../shared/order-cache/env.ts';

export const envSchema = orderCacheEnvSchema.extend({ ORDERS_TABLE: z.string().min(1) });

export type Env = z.infer<typeof envSchema>;
