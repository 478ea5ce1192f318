import { CfnOutput } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { QueuePlan } from '../../rabbitmq/plan/plan-topology.ts';
import { CircuitBreaker } from '../constructs/circuit-breaker.ts';
import type { StatefulStack } from '../stacks/stateful-stack.ts';
import type { StatelessStack } from '../stacks/stateless-stack.ts';

/** A queue, and what consumes it. */
export interface Consumed {
  /** By its folder in `lambdas/`. */
  readonly consumer: string;
  readonly fn: IFunction;
  readonly plan: QueuePlan;
}

/** Connects `lambdas/circuit-breaker` to all consumers; where there is none, there is nothing to break. */
export function addCircuitBreaker(
  stack: StatelessStack,
  { audit, circuits, onCall }: StatefulStack,
  consumed: readonly Consumed[],
): void {
  if (consumed.length === 0) return;
  const { firstProbe, longestProbe } = stack.config.circuit;
  const { fn } = new CircuitBreaker(stack, 'CircuitBreaker', {
    ...stack.config.functions.circuitBreaker,
    ...stack.common,
    circuits,
    audit,
    consumed,
    namePrefix: stack.deployed.namePrefix,
    environment: {
      CIRCUITS_TABLE: circuits.table.tableName,
      AUDIT_TABLE: audit.tableName,
      QUEUE_URL_BASE: stack.queueUrlBase,
      FIRST_PROBE_SECONDS: String(firstProbe.toSeconds()),
      LONGEST_PROBE_SECONDS: String(longestProbe.toSeconds()),
    },
    onCall,
  });
  new CfnOutput(stack, 'CircuitBreakerFunction', { value: fn.functionName });
}
