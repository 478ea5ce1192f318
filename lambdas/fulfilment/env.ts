import { z } from 'zod';
import { consumerEnvSchema } from '../shared/consumer/env.ts';
import { outsideUrlSchema } from '../shared/http/outside-url.ts';

export const envSchema = consumerEnvSchema.extend({
  /** Where the merchant takes requests for fulfilment. */
  FULFILMENT_URL: outsideUrlSchema,
  OUTBOX_TABLE: z.string().min(1),
  ORDERS_TABLE: z.string().min(1),
  /** How long one request may take; synth keeps it so short that each record of a batch has it. */
  FULFILMENT_TIMEOUT_MS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
