import { z } from 'zod';
import { outsideUrlSchema } from '../../http/outside-url.ts';
import { merchantSecretEnvSchema } from '../secret-env.ts';

/** What every function that asks WeChat Pay is given. */
export const wechatPayApiEnvSchema = merchantSecretEnvSchema.extend({
  /** Of the secret that holds the merchant's signing key. */
  WECHAT_PAY_KEY_SECRET_ID: z.string().min(1),
  /** `https://api.mch.weixin.qq.com`, or where a simulator listens. */
  WECHAT_PAY_API_URL: outsideUrlSchema,
  /** Of one request; a few are made. */
  WECHAT_PAY_API_TIMEOUT_MS: z.coerce.number().int().positive(),
});

export type WechatPayApiEnv = z.infer<typeof wechatPayApiEnvSchema>;
