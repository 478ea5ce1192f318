import { CfnOutput } from 'aws-cdk-lib';
import type { Env } from '../../lambdas/replay/env.ts';
import type { Given } from '../../lambdas/shared/broker/env.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** Connects `lambdas/replay`, which operators invoke, to the exceptions and to every queue their messages may have come from. */
export function addReplay(stack: StatelessStack, { exceptions, claims }: StatefulStack): void {
  const environment: Given<Env> = { ...stack.brokerEnvironment, ...exceptions.environment };
  const consumed = stack.queueStacks.flatMap(({ queues }) => queues).filter(({ plan }) => plan.countsFailures);
  const { fn } = new NodeFunction(stack, 'Replay', {
    ...stack.config.functions.replay,
    ...stack.common,
    folder: 'replay',
    environment,
    files: { 'consumed-queues.json': consumed.map(({ plan }) => ({ vhost: plan.queue.vhost, name: plan.queue.name })) },
  });
  exceptions.grantReplay(fn);
  claims.grantFetch(fn);
  stack.grantClientPublish(fn, stack.deployed.topology.queues);
  new CfnOutput(stack, 'ReplayFunction', { value: fn.functionName });
}
