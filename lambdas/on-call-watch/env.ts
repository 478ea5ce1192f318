import { z } from 'zod';
import { noticesEnvSchema } from '../shared/notices/env.ts';

export const envSchema = z.object({
  ...noticesEnvSchema.shape,
  /** Who hears of notices that nobody acknowledges; on-call's own topic where there is no other. */
  ESCALATION_TOPIC_ARN: z.string().min(1),
});

export type Env = z.infer<typeof envSchema>;

/** What the schedules say to the function. */
export const watchEventSchema = z.object({
  /** Once a day somebody is told that all this works. Default: no, nobody is told anything that is not due. */
  tellsHeartbeat: z.boolean().default(false),
});

export type WatchEvent = z.input<typeof watchEventSchema>;
