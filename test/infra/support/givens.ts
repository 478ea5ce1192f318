import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { NodeFunction } from '../../../lib/constructs/node-function.ts';
import { OnCall } from '../../../lib/constructs/on-call.ts';
import { QueueWithDeadLetters } from '../../../lib/constructs/queue-with-dead-letters.ts';
import { planTopology } from '../../../rabbitmq/plan/plan-topology.ts';
import type { Queue, Topology } from '../../../rabbitmq/topology.ts';

export const emptyTopology: Topology = { dialect: '4.3', exchanges: [], queues: [], bindings: [] };

export function givenOnCall(stack: Stack, id = 'OnCall'): OnCall {
  return new OnCall(stack, id, {});
}

export function givenQueue(
  stack: Stack,
  queue: Partial<Queue> = {},
  visibilityTimeout?: Duration,
): QueueWithDeadLetters {
  const topology = { ...emptyTopology, queues: [{ vhost: '/', name: 'refunds', type: 'quorum' as const, ...queue }] };
  const {
    queues: [plan],
  } = planTopology(topology, { namePrefix: 'shop-test', unlimitedMaxReceiveCount: 7, isConsumed: () => true });
  if (!plan) throw new Error('no plan');
  return new QueueWithDeadLetters(stack, 'Refunds', {
    plan,
    retention: Duration.days(2),
    deadLetterRetention: Duration.days(9),
    visibilityTimeout,
    isConsumed: true,
    removalPolicy: RemovalPolicy.RETAIN,
    onCall: givenOnCall(stack),
  });
}

export function givenFunction(stack: Stack, environment: Record<string, string> = {}): NodeFunction {
  return new NodeFunction(stack, 'Publisher', {
    folder: 'publish',
    memoryMiB: 384,
    timeout: Duration.seconds(11),
    environment,
    topology: emptyTopology,
    logRetention: RetentionDays.TWO_WEEKS,
  });
}
