import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';
import { wechatPayApiEnvSchema } from '../shared/wechat-pay/api/env.ts';

export const envSchema = consumerEnvSchema.extend(wechatPayApiEnvSchema.shape).extend({
  REFUNDS_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
  /** Where WeChat Pay tells what became of a refund. */
  WECHAT_PAY_NOTIFY_URL: z.url(),
});

export type Env = z.infer<typeof envSchema>;
