import { z } from 'zod';

export const envSchema = z.object({
  /** Read to count all of it again. */
  LEDGER_TABLE: z.string().min(1),
  /** The sharded counters, one of each currency. */
  BALANCES_TABLE: z.string().min(1),
  /** What is counted of each entry. */
  BALANCE_ENTRIES_TABLE: z.string().min(1),
  /** Items that one currency's balance is spread over. */
  BALANCE_SHARDS: z.coerce.number().int().min(1).max(100),
});

export type Env = z.infer<typeof envSchema>;
