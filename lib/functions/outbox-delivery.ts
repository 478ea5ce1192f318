import { CfnOutput } from 'aws-cdk-lib';
import type { OutboxDeliveryProps } from '../constructs/outbox-delivery.ts';
import { OutboxRelay } from '../constructs/outbox-relay.ts';
import { OutboxSweep } from '../constructs/outbox-sweep.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** The two that deliver the outbox: `outbox-relay` as its stream tells, and once a minute `outbox-sweep` what is left. */
export function addOutboxDelivery(
  stack: StatelessStack,
  { outbox, outboxHolds, exceptions, onCall }: StatefulStack,
): void {
  const { config, deployed } = stack;
  const common: Omit<OutboxDeliveryProps, 'memoryMiB' | 'timeout'> = {
    ...stack.common,
    tables: { rows: outbox, holds: outboxHolds, exceptions },
    config: config.outbox,
    brokerEnvironment: stack.brokerEnvironment,
    onCall,
  };
  const deadLetters = { retention: config.deadLetters.retention, removalPolicy: config.removalPolicy };
  const relay = new OutboxRelay(stack, 'OutboxRelay', { ...config.functions.outboxRelay, ...common, deadLetters });
  const sweep = new OutboxSweep(stack, 'OutboxSweep', { ...config.functions.outboxSweep, ...common });
  for (const { fn } of [relay, sweep]) stack.grantClientPublish(fn, deployed.topology.queues);
  new CfnOutput(stack, 'OutboxRelayFunction', { value: relay.fn.functionName });
  new CfnOutput(stack, 'OutboxSweepFunction', { value: sweep.fn.functionName });
}
