import type { Env } from '../../lambdas/fulfilment/env.ts';
import type { ConsumerEnv } from '../../lambdas/shared/consumer/env.ts';
import { fulfilmentUrlOf } from '../fulfilment-url.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/fulfilment` to its queue, if it is known where the merchant is: without it messages wait in the queue. */
export function connectFulfilment(stack: StatelessStack): void {
  const url = fulfilmentUrlOf(stack);
  if (url === undefined) return;
  const environment: Record<Exclude<keyof Env, keyof ConsumerEnv>, string> = {
    FULFILMENT_URL: url,
    FULFILMENT_TIMEOUT_MS: String(stack.config.fulfilment.requestTimeout.toMilliseconds()),
  };
  stack.addConsumer('fulfilment', environment);
}
