import { z } from 'zod';

/** What a function that publishes needs to know about its deployment. */
export const brokerEnvSchema = z.object({
  /** `<app>-<stage>`, which every SQS name begins with. */
  QUEUE_NAME_PREFIX: z.string().min(1),
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  QUEUE_URL_BASE: z.url(),
});

export type BrokerEnv = z.infer<typeof brokerEnvSchema>;
