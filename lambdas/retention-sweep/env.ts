import { z } from 'zod';

export const envSchema = z.object({
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  QUEUE_URL_BASE: z.url(),
  EXCEPTIONS_TABLE: z.string().min(1),
  /** Where bodies lie that are too large for a row. */
  CLAIM_BUCKET: z.string().min(1),
});

export type Env = z.infer<typeof envSchema>;
