import { z } from 'zod';
import { exceptionsEnvSchema } from '../shared/exceptions/env.ts';

export const envSchema = z.object({
  /** `<app>-<stage>`, which every SQS name begins with. */
  QUEUE_NAME_PREFIX: z.string().min(1),
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  QUEUE_URL_BASE: z.url(),
  ...exceptionsEnvSchema.shape,
  /** Where bodies lie that are too large for a row. */
  CLAIM_BUCKET: z.string().min(1),
});

export type Env = z.infer<typeof envSchema>;
