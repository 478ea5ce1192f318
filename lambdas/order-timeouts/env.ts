import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';
import { wechatPayApiEnvSchema } from '../shared/wechat-pay/api/env.ts';

/** What it takes to ask WeChat Pay is there as a whole, or not at all: then orders are closed here alone. */
export const envSchema = consumerEnvSchema.extend(wechatPayApiEnvSchema.partial().shape).extend({
  ORDERS_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
});

export type Env = z.infer<typeof envSchema>;
