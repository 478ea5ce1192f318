import { z } from 'zod';
import { brokerEnvSchema } from '../broker/env.ts';

/** What each face of the producer needs to know about its deployment. */
export const publishingEnvSchema = brokerEnvSchema.extend({
  /** Where `outbox` mode writes. */
  OUTBOX_TABLE: z.string().min(1),
});

export type PublishingEnv = z.infer<typeof publishingEnvSchema>;
