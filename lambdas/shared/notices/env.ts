import { z } from 'zod';
import { exceptionsEnvSchema } from '../exceptions/env.ts';
import type { NoticeTimes } from './notice-changes.ts';

const seconds = z.coerce.number().int().positive();

/** What whoever tells on-call of exceptions needs to know. */
export const noticesEnvSchema = z.object({
  ...exceptionsEnvSchema.shape,
  NOTICES_TABLE: z.string().min(1),
  ON_CALL_TOPIC_ARN: z.string().min(1),
  /** Of the commands that a notice names. */
  STAGE: z.string().min(1),
  NOTICE_WINDOW_SECONDS: seconds,
  ESCALATE_AFTER_SECONDS: seconds,
  /** Longer than the functions that send can live. */
  NOTICE_LEASE_SECONDS: seconds,
});

export type NoticesEnv = z.infer<typeof noticesEnvSchema>;

/** A notice is kept as long as the exceptions it told of. */
export function noticeTimes(env: NoticesEnv): NoticeTimes {
  return {
    window: env.NOTICE_WINDOW_SECONDS,
    escalateAfter: env.ESCALATE_AFTER_SECONDS,
    lease: env.NOTICE_LEASE_SECONDS,
    keep: env.EXCEPTIONS_KEEP_SECONDS,
  };
}
