import { z } from 'zod';
import { brokerEnvSchema } from '../shared/broker/env.ts';
import { wechatPayApiEnvSchema } from '../shared/wechat-pay/api/env.ts';

const count = z.coerce.number().int().positive();

export const envSchema = brokerEnvSchema.extend(wechatPayApiEnvSchema.shape).extend({
  ORDERS_TABLE: z.string().min(1),
  REFUNDS_TABLE: z.string().min(1),
  OUTBOX_TABLE: z.string().min(1),
  WECHAT_PAY_NOTIFY_URL: z.url(),
  /** How long an order waits for its notification before WeChat Pay is asked; then twice as long before it is asked again, and so on. */
  RECONCILE_AFTER_SECONDS: count,
  /** No order waits longer than that between two questions. */
  RECONCILE_LONGEST_WAIT_SECONDS: count,
  /** How old an order is that is closed, if it is not paid by then. */
  RECONCILE_CLOSE_AFTER_SECONDS: count,
  /** How long a refund may take before somebody on call hears of it. */
  REFUND_OVERDUE_SECONDS: count,
  /** What WeChat Pay is asked at most; its limits are per merchant. */
  RECONCILE_REQUESTS_PER_SECOND: count,
});

export type Env = z.infer<typeof envSchema>;
