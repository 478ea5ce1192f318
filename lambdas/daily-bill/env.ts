import { z } from 'zod';
import { parseQueueAddress } from '../../rabbitmq/queue-address.ts';
import { exceptionsEnvSchema } from '../shared/exceptions/env.ts';
import { wechatPayApiEnvSchema } from '../shared/wechat-pay/api/env.ts';

export const envSchema = wechatPayApiEnvSchema.extend({
  /** Of a bill as it is downloaded, and as it is unpacked. */
  BILL_MOST_BYTES: z.coerce.number().int().positive(),
  ORDERS_TABLE: z.string().min(1),
  REFUNDS_TABLE: z.string().min(1),
  /** `VHOST/QUEUE`, percent-encoded: where notifications of payments are handled. */
  PAYMENTS_QUEUE: z.string().refine((text) => parseQueueAddress(text) !== undefined, { error: 'is no VHOST/QUEUE' }),
  ...exceptionsEnvSchema.shape,
});

export type Env = z.infer<typeof envSchema>;
