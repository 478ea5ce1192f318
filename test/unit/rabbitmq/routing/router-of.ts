import { createRouter, type Router } from '../../../../rabbitmq/routing/router.ts';
import type { Topology } from '../../../../rabbitmq/topology.ts';
import { topology } from '../topology-builders.ts';

/** A router whose x-random exchanges take their first binding, unless a test says otherwise. */
export function routerOf(parts: Partial<Topology>, random: () => number = () => 0): Router {
  return createRouter(topology(parts), { random });
}
