import { z } from 'zod';

export const envSchema = z.object({
  SEQUENCES_TABLE: z.string().min(1),
  /** The ARN of the secret that holds the keys. */
  ORDER_NUMBER_KEYS_ID: z.string().min(1),
  /** How old a fetched key may become. */
  ORDER_NUMBER_KEYS_MAX_AGE_SECONDS: z.coerce.number().int().positive(),
  /** Numbers for one write. */
  SEGMENT_SIZE: z.coerce.number().int().positive(),
});

export type Env = z.infer<typeof envSchema>;
