import { readFileSync } from 'node:fs';
import { analyse } from '../rabbitmq/analyse.ts';
import { type Finding, formatFinding, stopsDeployment } from '../rabbitmq/definitions/finding.ts';
import type { Dialect } from '../rabbitmq/dialect.ts';
import { delayLines } from '../rabbitmq/plan/delays.ts';
import { type Counting, type QueuePlan, queuesPerStack } from '../rabbitmq/plan/plan-topology.ts';
import { formatQueueAddress, isSameQueue, type QueueAddress } from '../rabbitmq/queue-address.ts';
import type { Topology } from '../rabbitmq/topology.ts';
import { consumerConfig } from './config.ts';
import type { Config } from './config-shape.ts';
import { checkConsumed } from './consumed-context.ts';
import { consumerOf, consumers, consumersIn, isConsumed, operationsOf, orderOf, partitionsOf } from './consumers.ts';
import type { NamedQueue } from './named-queue.ts';
import { checkPartitions, isPartition, partitionWaits } from './partitions.ts';
import { checkPublishers } from './publishers.ts';
import { assignStacks, type QueueStacks, queueStacksFile, readQueueStacks, writeQueueStacks } from './queue-stacks.ts';
import { unreadable } from './unreadable-file.ts';

/** The topology to deploy, and what each of its queues becomes. */
export interface DeployedTopology {
  readonly topology: Topology;
  readonly queues: readonly QueuePlan[];
  readonly queueStacks: QueueStacks;
  /** `<app>-<stage>`, which every queue name begins with. */
  readonly namePrefix: string;
  /** Those of `lib/consumers.ts` whose queues it has. */
  readonly consumers: readonly string[];
  /** Whether the app's own functions belong to it; to somebody else's topology only the producer does. */
  readonly isOurs: boolean;
  /** What is worth knowing and stops nothing. */
  readonly warnings: readonly string[];
}

/** There is no such file, or it cannot be read. */
export class UnreadableTopologyError extends Error {
  override readonly name = 'UnreadableTopologyError';

  constructor(file: string, cause: unknown) {
    super(unreadable(file, cause));
  }
}

/** The definitions cannot be deployed: one line per finding, with its place in the file. */
export class TopologyRefusedError extends Error {
  override readonly name = 'TopologyRefusedError';

  constructor(file: string, findings: readonly Finding[]) {
    super([`${file} cannot be deployed:`, ...findings.map((finding) => formatFinding(file, finding))].join('\n  '));
  }
}

export interface LoadOptions {
  readonly namePrefix: string;
  readonly config: Config;
  readonly dialect?: Dialect | undefined;
  /** Whether the app's functions must find their queues and exchanges, even if none of them does. */
  readonly isDefault: boolean;
  /** Queues that something consumes, besides those of `lib/consumers.ts`. */
  readonly consumed?: readonly QueueAddress[] | undefined;
  /** Where is kept which stack each queue lives in. Default: beside the definitions, if they are the app's own; else nowhere. */
  readonly queueStacksFile?: string | undefined;
}

/** Every consumer of the record loop counts failures. */
function countingOf(queue: QueueAddress, config: Config): Counting | undefined {
  const consumer = consumerOf(queue);
  if (consumer === undefined) return undefined;
  const { retrySchedule = [], deliveryLimit, batchSize } = consumerConfig(config, consumer);
  return {
    // Without a step there is no schedule: a limit of none would end a message at its first failure.
    deliveryLimit: deliveryLimit ?? (retrySchedule.length || undefined),
    batchSize,
    ...(isPartition(queue) && { waits: partitionWaits }),
  };
}

export function loadDefinitions(
  file: string,
  { namePrefix, config, dialect, isDefault, consumed = [], ...options }: LoadOptions,
): DeployedTopology {
  const { plan, findings, delays } = analyse(readBytes(file), {
    namePrefix,
    unlimitedMaxReceiveCount: config.queues.unlimitedMaxReceiveCount,
    countedBy: (queue) => countingOf(queue, config),
    orderOf,
    operationsOf,
    partitionsOf,
    isConsumed: (queue) => isConsumed(queue) || consumed.some((one) => isSameQueue(one, queue)),
    dialect,
  });
  const stopping = findings.filter(stopsDeployment);
  if (stopping.length > 0) throw new TopologyRefusedError(file, stopping);
  checkConsumed(consumed, plan.topology, file);
  const attached = consumersIn(plan.topology, { file, isDefault });
  checkPartitions(plan.topology, file);
  const isOurs = isDefault || attached.length > 0;
  if (isOurs) checkPublishers(plan.topology, { file, consumers: attached });
  const { queueStacks, warnings } = stacksOf(
    plan.queues,
    options.queueStacksFile ?? (isOurs ? queueStacksFile(file) : undefined),
  );
  return {
    topology: plan.topology,
    queues: plan.queues,
    queueStacks,
    namePrefix,
    consumers: attached,
    isOurs,
    warnings: [
      ...findings.filter((finding) => finding.class === 'warning').map((finding) => formatFinding(file, finding)),
      ...(isOurs ? leftOut(attached, file) : [othersTopology(file)]),
      ...warnings,
      ...delayLines(delays, sayConsumed).map((line) => `${file}: ${line}`),
    ],
  };
}

function sayConsumed(queue: QueueAddress): string {
  return `-c consumed=${formatQueueAddress(queue)}, or consumedElsewhere in lib/consumers.ts`;
}

function othersTopology(file: string): string {
  return `${file} has no queue of lib/consumers.ts: only its queues, the producer and the outbox are deployed.`;
}

function leftOut(attached: readonly string[], file: string): string[] {
  return Object.entries<NamedQueue>(consumers)
    .filter(([consumer]) => !attached.includes(consumer))
    .map(
      ([consumer, { queue }]) =>
        `'${consumer}' and what is only there for it is left out: ${file} has no queue '${queue}'.`,
    );
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UnreadableTopologyError(file, error);
  }
}

function stacksOf(queues: readonly QueuePlan[], file: string | undefined) {
  const known = file === undefined ? {} : readQueueStacks(file);
  const queueStacks = assignStacks(queues, known);
  const isNew = Object.keys(known).length === 0;
  if (isNew && queues.length <= queuesPerStack) return { queueStacks, warnings: [] };
  if (file === undefined) {
    const unkept = `its ${queues.length} queues are spread over their stacks in the order of the file: good to look at. Before you deploy it, add -c queueStacks=FILE, which keeps each queue in its stack: a queue that moves is refused by CloudFormation, or deleted with its messages.`;
    return { queueStacks, warnings: [unkept] };
  }
  writeQueueStacks(file, queueStacks);
  const firstTime = `${file} now says which stack each queue lives in: commit it. If fewer queues are deployed already, give those stack 1 before you deploy: a queue cannot move.`;
  return { queueStacks, warnings: isNew ? [firstTime] : [] };
}
