import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Roles } from '../../lib/consumers.ts';
import { isNamed } from '../../lib/named-queue.ts';
import { meantQueues } from '../../lib/nearest-queues.ts';
import { unreadable } from '../../lib/unreadable-file.ts';
import { type Analysis, analyse } from '../../rabbitmq/analyse.ts';
import { formatFinding, stopsDeployment } from '../../rabbitmq/definitions/finding.ts';
import type { QueuePlan } from '../../rabbitmq/plan/plan-topology.ts';
import { labelOf } from '../../rabbitmq/plan/queue-label.ts';
import { isSameQueue, type QueueAddress } from '../../rabbitmq/queue-address.ts';
import { RefusedError } from './errors.ts';

export interface FoundQueue {
  /** What the queue becomes with the new consumer. */
  readonly plan: QueuePlan;
  /** Whether it was a delay so far: nothing consumed it, and it became no SQS queue. */
  readonly wasDelay: boolean;
}

const file = 'topology/definitions.json';

/** Throws a `RefusedError` for a queue that is not declared (with the nearest names), or that has a consumer. */
export function findQueue(
  project: string,
  wanted: QueueAddress,
  { roles, unlimitedMaxReceiveCount }: { readonly roles: Roles; readonly unlimitedMaxReceiveCount: number },
): FoundQueue {
  refuseConsumed(wanted, roles);
  const consumed = [...Object.values(roles.consumers), ...roles.consumedElsewhere];
  const source = read(path.join(project, file));
  const isConsumed = (queue: QueueAddress): boolean => consumed.some((named) => isNamed(named, queue));
  const before = analyse(source, { isConsumed, unlimitedMaxReceiveCount });
  refuseUndeployable(before);
  if (!before.topology.queues.some((queue) => isSameQueue(queue, wanted))) {
    const meant = meantQueues(wanted, before.topology.queues, labelOf);
    throw new RefusedError(2, `${file} declares no queue ${labelOf(wanted)}: ${meant} Or declare it there first.`);
  }
  const after = analyse(source, {
    isConsumed: (queue) => isConsumed(queue) || isSameQueue(queue, wanted),
    countedBy: (queue) => (isSameQueue(queue, wanted) ? {} : undefined),
    unlimitedMaxReceiveCount,
  });
  const plan = after.plan.queues.find(({ queue }) => isSameQueue(queue, wanted));
  if (!plan) throw new Error(`${labelOf(wanted)} is declared and not planned`);
  return { plan, wasDelay: before.plan.delayQueues.some((queue) => isSameQueue(queue, wanted)) };
}

function refuseConsumed(wanted: QueueAddress, { consumers, consumedElsewhere }: Roles): void {
  const [consumer] = Object.entries(consumers).find(([, named]) => isNamed(named, wanted)) ?? [];
  if (consumer !== undefined)
    throw new RefusedError(2, `${labelOf(wanted)} has a consumer already: lambdas/${consumer}`);
  if (consumedElsewhere.some((named) => isNamed(named, wanted))) {
    throw new RefusedError(
      2,
      `${labelOf(wanted)} is consumed elsewhere, lib/consumers.ts says: take it out of consumedElsewhere first`,
    );
  }
}

function refuseUndeployable({ findings }: Analysis): void {
  const stopping = findings.filter(stopsDeployment);
  if (stopping.length === 0) return;
  throw new RefusedError(
    1,
    [`${file} cannot be deployed as it is:`, ...stopping.map((one) => formatFinding(file, one))].join('\n  '),
  );
}

function read(absolute: string): Buffer {
  try {
    return readFileSync(absolute);
  } catch (error) {
    throw new RefusedError(1, unreadable(file, error), { cause: error });
  }
}
