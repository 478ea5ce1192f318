import { z } from 'zod';
import { bodyBytesLimits } from '../../../rabbitmq/publishing/publish.ts';

/** What a function that publishes needs to know about its deployment. */
export const brokerEnvSchema = z.object({
  /** `<app>-<stage>`, which every SQS name begins with. */
  QUEUE_NAME_PREFIX: z.string().min(1),
  /** `https://sqs.<region>.amazonaws.com/<account>/` */
  QUEUE_URL_BASE: z.url(),
  /** How long it is believed how full a queue is that has a length limit. */
  QUEUE_DEPTH_MAX_AGE_MS: z.coerce.number().int().nonnegative(),
  /** The queue of messages that wait for their time. */
  DELAYED_QUEUE_URL: z.url(),
  DELAYED_QUEUE_ARN: z.string().min(1),
  /** Name of the group that holds the schedules of longer waits. */
  SCHEDULE_GROUP: z.string().min(1),
  /** What a schedule acts as when it writes to the delayed queue. */
  SCHEDULE_ROLE_ARN: z.string().min(1),
  /** Where a message goes that its schedule could not write. */
  SCHEDULE_DEAD_LETTER_ARN: z.string().min(1),
  /** Where bodies lie that are too large for SQS. */
  CLAIM_BUCKET: z.string().min(1),
  /** Which partitions are in use. Unset where the topology has no partitioned exchange. */
  PARTITIONS_TABLE: z.string().min(1).optional(),
  /** RabbitMQ's `max_message_size`: a body over it is 406 (rule 4.5.2). */
  MAX_BODY_BYTES: z.coerce.number().int().positive().max(bodyBytesLimits.most),
});

export type BrokerEnv = z.infer<typeof brokerEnvSchema>;

/** The variables of a function that publishes, as it is given them whatever the topology is. */
export type Given<Env> = Record<Exclude<keyof Env, 'PARTITIONS_TABLE'>, string>;
