import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';
import { parseAddressRange } from '../shared/http/forbidden-address.ts';
import { isWebhookUrl } from './webhook-url.ts';

export const envSchema = consumerEnvSchema
  .extend({
    ORDERS_TABLE: z.string().min(1),
    /** Where the merchant wants to be told of its orders. */
    MERCHANT_WEBHOOK_URL: z.string(),
    /** Ranges of addresses that may be told although they are none of the internet's, as CIDRs: `127.0.0.0/8,::1/128`. Empty: none. */
    MERCHANT_WEBHOOK_ALLOWED_RANGES: z.string().transform((text, context) => {
      try {
        return text === '' ? [] : text.split(',').map(parseAddressRange);
      } catch {
        context.addIssue('must be CIDRs, with commas between them');
        return z.NEVER;
      }
    }),
    /** How long one request may take; synth keeps it so short that each record of a batch has it. */
    MERCHANT_WEBHOOK_TIMEOUT_MS: z.coerce.number().int().positive(),
    /** The ARN of the secret that holds the keys. */
    MERCHANT_WEBHOOK_KEYS_ID: z.string().min(1),
    /** How old fetched keys may become. */
    MERCHANT_WEBHOOK_KEYS_MAX_AGE_SECONDS: z.coerce.number().int().positive(),
  })
  .refine((env) => isWebhookUrl(env.MERCHANT_WEBHOOK_URL, env.MERCHANT_WEBHOOK_ALLOWED_RANGES), {
    path: ['MERCHANT_WEBHOOK_URL'],
    message: 'must be https, by a name, at port 443 or 8443, without credentials',
  });

export type Env = z.infer<typeof envSchema>;
