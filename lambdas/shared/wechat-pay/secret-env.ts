import { z } from 'zod';

/** What every function that knows WeChat Pay is given. */
export const merchantSecretEnvSchema = z.object({
  WECHAT_PAY_SECRET_ID: z.string().min(1),
  /** How long a fetched secret is used; a rotated key is live after that. */
  WECHAT_PAY_SECRET_MAX_AGE_SECONDS: z.coerce.number().int().positive(),
});

export type MerchantSecretEnv = z.infer<typeof merchantSecretEnvSchema>;
