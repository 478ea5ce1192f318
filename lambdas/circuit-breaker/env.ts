import { z } from 'zod';

export const envSchema = z.object({
  CIRCUITS_TABLE: z.string().min(1),
  AUDIT_TABLE: z.string().min(1),
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  QUEUE_URL_BASE: z.url(),
  FIRST_PROBE_SECONDS: z.coerce.number().int().positive(),
  LONGEST_PROBE_SECONDS: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
