import { CfnOutput } from 'aws-cdk-lib';
import type { Env } from '../../lambdas/park/env.ts';
import { grantOnQueues } from '../constructs/grant-on-queues.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/park`, which operators invoke, to all queues of the topology, and to where it stores what it takes out of them. */
export function addPark(stack: StatelessStack, { exceptions, claims }: StatefulStack): void {
  const { namePrefix } = stack.deployed;
  const environment: Record<keyof Env, string> = {
    QUEUE_NAME_PREFIX: namePrefix,
    QUEUE_URL_BASE: stack.queueUrlBase,
    ...exceptions.environment,
    ...claims.environment,
  };
  const { fn } = new NodeFunction(stack, 'Park', {
    ...stack.config.functions.park,
    ...stack.common,
    folder: 'park',
    environment,
  });
  const sqsNames = stack.queueStacks.flatMap(({ queues }) => queues).map(({ plan }) => plan.sqsName);
  grantOnQueues(fn, { actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], sqsNames, namePrefix });
  exceptions.grantOpen(fn);
  claims.grantKeep(fn);
  new CfnOutput(stack, 'ParkFunction', { value: fn.functionName });
}
