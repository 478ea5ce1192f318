import { z } from 'zod';
import { wechatPayApiEnvSchema } from '../shared/wechat-pay/api/env.ts';

export const envSchema = wechatPayApiEnvSchema.extend({
  ORDERS_TABLE: z.string().min(1),
  REFUNDS_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
  /**
   * How long after the note that WeChat Pay is about to be asked its answer that it knows nothing is not believed: as long as a function lives that asks, and then
   * the five minutes for which WeChat Pay takes a signature.
   */
  REFUND_ASKING_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
