import { CfnOutput } from 'aws-cdk-lib';
import { DrainedDeadLetters } from '../constructs/drained-dead-letters.ts';
import { deadLetterTargets } from '../dead-letter-targets.ts';
import { keptAfter } from '../retention-margin.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/**
 * Connects `lambdas/dead-letters` to the dead-letter queues. Only to those of queues with a consumer of Warren's: whoever reads another queue
 * decides there.
 */
export function addDeadLetters(stack: StatelessStack, { exceptions, claims, onCall }: StatefulStack): void {
  const { config, deployed } = stack;
  const sources = stack.queueStacks.flatMap(({ queues }) => queues).filter(({ plan }) => plan.countsFailures);
  if (sources.length === 0) return;
  const { fn } = new DrainedDeadLetters(stack, 'DeadLetters', {
    ...config.functions.deadLetters,
    ...stack.common,
    sources,
    config: config.drained,
    exceptions,
    environment: {
      ...stack.brokerEnvironment,
      ...exceptions.environment,
      KEEP_AFTER_SECONDS: String(keptAfter(config.deadLetters.retention).toSeconds()),
    },
    onCall,
  });
  claims.grantFetch(fn);
  const targets = sources.flatMap(({ plan }) => deadLetterTargets(deployed.topology, plan.queue));
  stack.grantPublish(fn, [...new Set(targets)]);
  new CfnOutput(stack, 'DeadLettersFunction', { value: fn.functionName });
}
