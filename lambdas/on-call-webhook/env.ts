import { z } from 'zod';

/** Whose JSON the webhook takes. */
export const webhookKinds = ['slack', 'wecom', 'dingtalk', 'feishu'] as const;
export type WebhookKind = (typeof webhookKinds)[number];

export const envSchema = z.object({
  WEBHOOK_KIND: z.enum(webhookKinds),
  /** Of the secret that is the URL: whoever knows it may write to the group. */
  WEBHOOK_SECRET_ID: z.string().min(1),
  /** How long a fetched secret is used; another URL is live after that. */
  WEBHOOK_SECRET_MAX_AGE_SECONDS: z.coerce.number().int().positive(),
  WEBHOOK_TIMEOUT_MS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
