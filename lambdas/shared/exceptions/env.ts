import { z } from 'zod';

/** What whoever writes exceptions needs to know. */
export const exceptionsEnvSchema = z.object({
  EXCEPTIONS_TABLE: z.string().min(1),
  /** How long a row stays once nobody waits for it. */
  EXCEPTIONS_KEEP_SECONDS: z.coerce.number().int().positive(),
});

export type ExceptionsEnv = z.infer<typeof exceptionsEnvSchema>;

export function exceptionsTable({ EXCEPTIONS_TABLE, EXCEPTIONS_KEEP_SECONDS }: ExceptionsEnv) {
  return { table: EXCEPTIONS_TABLE, keepSeconds: EXCEPTIONS_KEEP_SECONDS };
}
