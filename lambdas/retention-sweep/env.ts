import { z } from 'zod';
import type { QueueAddress } from '../../rabbitmq/queue-address.ts';
import type { Operations } from '../../rabbitmq/topology.ts';
import { exceptionsEnvSchema } from '../shared/exceptions/env.ts';

export const envSchema = z.object({
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  QUEUE_URL_BASE: z.url(),
  ...exceptionsEnvSchema.shape,
  /** Where bodies lie that are too large for a row. */
  CLAIM_BUCKET: z.string().min(1),
});

export type Env = z.infer<typeof envSchema>;

/** An SQS queue whose messages must not end by SQS's retention. */
export interface SweptQueue {
  readonly sqsName: string;
  /** The RabbitMQ queue whose messages it holds. */
  readonly queue: QueueAddress & { readonly operations?: Operations | undefined };
  /** Seconds. SQS deletes what is older, and tells nobody. */
  readonly retentionSeconds: number;
  /** Seconds. What is older is taken out. */
  readonly sweepAfterSeconds: number;
  /** Its receives count for nothing: no redrive policy ends what is looked at too often. */
  readonly isDeadLetterQueue: boolean;
  /** RabbitMQ would drop its expired messages: they are nobody's task. */
  readonly dropsExpired: boolean;
}
