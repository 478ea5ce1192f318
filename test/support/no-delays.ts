import type { Delays } from '../../lambdas/shared/broker/delays.ts';
import type { BrokerEnv, Given } from '../../lambdas/shared/broker/env.ts';

/** Variables of a publisher in whose run nothing waits, and nothing is too large for SQS. */
export const noDelaysEnv: Record<Exclude<keyof Given<BrokerEnv>, 'QUEUE_NAME_PREFIX' | 'QUEUE_URL_BASE'>, string> = {
  QUEUE_DEPTH_MAX_AGE_MS: '1000',
  DELAYED_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/000000000000/delayed',
  DELAYED_QUEUE_ARN: 'arn:aws:sqs:eu-west-1:000000000000:delayed',
  SCHEDULE_GROUP: 'delayed',
  SCHEDULE_ROLE_ARN: 'arn:aws:iam::000000000000:role/delayed',
  SCHEDULE_DEAD_LETTER_ARN: 'arn:aws:sqs:eu-west-1:000000000000:delayed-dlq',
  CLAIM_BUCKET: 'bodies',
  MAX_BODY_BYTES: '16777216',
};

export const noDelays: Delays = {
  keep: async (waiting) => waiting.map(() => ({ outcome: 'refused', reason: 'nothing waits here' })),
};
