import { readFileSync } from 'node:fs';
import type { Topology } from '../../../rabbitmq/topology.ts';

export const topologyFileName = 'topology.json';

/** The topology compiled at synth, which lies beside the function's code. Loaded once per cold start. */
export function loadTopology(): Topology {
  return JSON.parse(readFileSync(new URL(topologyFileName, import.meta.url), 'utf8'));
}
