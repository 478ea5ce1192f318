import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';

export const envSchema = consumerEnvSchema.extend({
  ORDERS_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
  /** With it stands all of `wechatPayApiEnvSchema`. Absent: orders are closed here alone. */
  WECHAT_PAY_API_URL: z.string().optional(),
});

export type Env = z.infer<typeof envSchema>;
