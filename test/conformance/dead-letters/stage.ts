import { type Broker, createBroker, type Publisher, type Resumer } from '../../../lambdas/shared/broker/broker.ts';
import { createOverflowGate } from '../../../lambdas/shared/broker/overflow-gate.ts';
import { analyse } from '../../../rabbitmq/analyse.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import { bodyBytesLimits } from '../../../rabbitmq/publishing/publish.ts';
import type { Queue, Topology } from '../../../rabbitmq/topology.ts';
import { noClaims } from '../../support/no-claims.ts';
import { MemoryQueues } from './memory-queues.ts';
import { definitionsOf, namesOf, type Scenario } from './scenario.ts';

/**
 * What becomes of queues that nothing but time consumes: each is there, and a function finds what is expired in it; or none is made, and
 * what is routed there goes on at once, delayed; or its delay is longer than SQS's, and its letter is kept and routed when it is due.
 */
export const ways = ['consumed', 'delayed', 'kept until it is due'] as const;
export type Way = (typeof ways)[number];

/** Warren as a scenario finds it: its broker over queues in memory, nothing in them. */
export interface Stage {
  readonly topology: Topology;
  readonly queues: MemoryQueues;
  readonly broker: Broker & Publisher & Resumer;
  readonly queueOf: (name: string) => Queue;
  /** Labels of what queues refused. */
  readonly refused: string[];
  /** Labels of what RabbitMQ would drop, and Warren keeps. */
  readonly kept: string[];
}

export function setUp(scenario: Scenario, dialect: Dialect, way: Way): Stage {
  const topology = topologyOf(scenario, dialect, way);
  const queues = new MemoryQueues(namesOf(scenario));
  const now = (): Date => new Date(queues.now);
  const broker = createBroker({
    topology,
    queueUrl: ({ name }) => name,
    sender: queues,
    delays: queues,
    claims: noClaims,
    gate: createOverflowGate({ depths: queues, maxAgeMs: 0, now }),
    maxBodyBytes: bodyBytesLimits.usual,
    now,
    random: () => 0,
  });
  const queueOf = (name: string): Queue => {
    const queue = topology.queues.find((one) => one.name === name);
    if (!queue) throw new Error(`there is no queue '${name}'`);
    return queue;
  };
  return { topology, queues, broker, queueOf, refused: [], kept: [] };
}

function topologyOf(scenario: Scenario, dialect: Dialect, way: Way): Topology {
  const used = new Set(
    scenario.steps.flatMap((step) => ('queue' in step && step.act !== 'expire' ? [step.queue] : [])),
  );
  const isConsumed = ({ name }: Pick<Queue, 'name'>): boolean => way === 'consumed' || used.has(name);
  const { topology, findings } = analyse(JSON.stringify(definitionsOf(scenario)), { dialect, isConsumed });
  const wrong = findings.filter((one) => one.class === 'blocking' || one.class === 'unknown');
  if (wrong.length > 0) throw new Error(wrong.map(({ message }) => message).join('\n'));
  return way === 'kept until it is due' ? { ...topology, queues: topology.queues.map(withLongDelay) } : topology;
}

/** An hour more: SQS delays 15 minutes. */
function withLongDelay(queue: Queue): Queue {
  return queue.delayQueue ? { ...queue, messageTtl: (queue.messageTtl ?? 0) + 3_600_000 } : queue;
}
