import { readFileSync } from 'node:fs';
import { analyse } from '../rabbitmq/analyse.ts';
import { type Finding, formatFinding, stopsDeployment } from '../rabbitmq/definitions/finding.ts';

import { planQueues, type QueuePlan } from '../rabbitmq/plan/plan-queues.ts';
import type { Topology } from '../rabbitmq/topology.ts';
import type { Config } from './config.ts';

/** The topology to deploy, and what each of its queues becomes. */
export interface DeployedTopology {
  readonly topology: Topology;
  readonly queues: readonly QueuePlan[];
  /** `<app>-<stage>`, which every queue name begins with. */
  readonly namePrefix: string;
  /** What is worth knowing and stops nothing. */
  readonly warnings: readonly string[];
}

/** The definitions cannot be deployed: one line per finding, with its place in the file. */
export class TopologyRefusedError extends Error {
  override readonly name = 'TopologyRefusedError';

  constructor(file: string, findings: readonly Finding[]) {
    super([`${file} cannot be deployed:`, ...findings.map((finding) => formatFinding(file, finding))].join('\n  '));
  }
}

export function loadDefinitions(file: string, namePrefix: string, { queues }: Config): DeployedTopology {
  const { topology, findings } = analyse(readFileSync(file));
  const stopping = findings.filter(stopsDeployment);
  if (stopping.length > 0) throw new TopologyRefusedError(file, stopping);
  return {
    topology,
    queues: planQueues(topology, { namePrefix, unlimitedMaxReceiveCount: queues.unlimitedMaxReceiveCount }),
    namePrefix,
    warnings: findings.filter((finding) => finding.class === 'warning').map((finding) => formatFinding(file, finding)),
  };
}
