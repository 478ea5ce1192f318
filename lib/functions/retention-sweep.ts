import { CfnOutput } from 'aws-cdk-lib';
import { RetentionSweep } from '../constructs/retention-sweep.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';
import { sweptQueues } from '../swept-queues.ts';

/** Connects `lambdas/retention-sweep` to all queues of the topology, and to where it stores what it takes out of them. */
export function addRetentionSweep(stack: StatelessStack, { exceptions, claims, onCall }: StatefulStack): void {
  const { fn } = new RetentionSweep(stack, 'RetentionSweep', {
    ...stack.config.functions.retentionSweep,
    ...stack.common,
    queues: sweptQueues(stack.queueStacks.flatMap(({ queues }) => queues)),
    namePrefix: stack.deployed.namePrefix,
    exceptions,
    environment: {
      QUEUE_URL_BASE: stack.queueUrlBase,
      ...exceptions.environment,
      ...claims.environment,
    },
    onCall,
  });
  claims.grantKeep(fn);
  new CfnOutput(stack, 'RetentionSweepFunction', { value: fn.functionName });
}
