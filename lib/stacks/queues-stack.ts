import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { QueuePlan } from '../../rabbitmq/plan/plan-topology.ts';
import { consumerConfig } from '../config.ts';
import type { Config } from '../config-shape.ts';
import type { OnCall } from '../constructs/on-call.ts';
import { visibilityTimeoutFor } from '../constructs/queue-consumer.ts';
import { QueueWithDeadLetters } from '../constructs/queue-with-dead-letters.ts';
import { consumerOf, isConsumed, isWatched } from '../consumers.ts';
import { addQueueDashboard } from '../functions/dashboard.ts';

export interface QueuesStackProps extends StackProps {
  readonly config: Config;
  readonly plans: readonly QueuePlan[];
  readonly onCall: OnCall;
  /** Whether its queues are too many to be on the stage's dashboard, beside those of other stacks. */
  readonly hasDashboard: boolean;
}

/** The queues of the topology, or as many of them as a stack holds. They outlive deployments: logical ids follow from their names. */
export class QueuesStack extends Stack {
  readonly queues: readonly QueueWithDeadLetters[];

  constructor(scope: Construct, id: string, { config, plans, onCall, hasDashboard, ...props }: QueuesStackProps) {
    super(scope, id, { ...props, terminationProtection: config.protectData });
    const { queues, deadLetters, removalPolicy } = config;
    this.queues = plans.map((plan) => {
      const name = consumerOf(plan.queue);
      const consumer = name === undefined ? undefined : consumerConfig(config, name);
      return new QueueWithDeadLetters(this, `Queue-${plan.sqsName}`, {
        plan,
        retention: consumer ? queues.retention : queues.unconsumedRetention,
        isConsumed: isConsumed(plan.queue),
        isWatched: isWatched(plan.queue),
        lateAfter: consumer?.lateAfter,
        deadLetterRetention: deadLetters.retention,
        visibilityTimeout: consumer && visibilityTimeoutFor(consumer.timeout),
        deadLetterVisibilityTimeout: consumer && visibilityTimeoutFor(config.functions.deadLetters.timeout),
        removalPolicy,
        onCall,
      });
    });
    if (hasDashboard) addQueueDashboard(this);
  }
}
