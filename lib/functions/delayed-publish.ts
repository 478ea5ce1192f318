import { CfnOutput } from 'aws-cdk-lib';
import { consumeQueue } from '../constructs/consume-queue.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { throttleAlarm } from '../constructs/throttle-alarm.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/delayed-publish` to the queue in which delayed messages wait, and to wherever they may go. */
export function addDelayedPublish(stack: StatelessStack, { delayed, claims, onCall }: StatefulStack): void {
  const { config } = stack;
  const { fn } = new NodeFunction(stack, 'DelayedPublish', {
    ...config.functions.delayedPublish,
    ...stack.common,
    folder: 'delayed-publish',
    environment: stack.brokerEnvironment,
  });
  consumeQueue(fn, delayed.queue, config.delayed);
  throttleAlarm(fn, 'delayed-publish', onCall);
  claims.grantFetch(fn);
  stack.grantPublish(fn, stack.deployed.topology.queues);
  new CfnOutput(stack, 'DelayedPublishFunction', { value: fn.functionName });
}
