import { compileTopology } from '../../../rabbitmq/compile/compile-topology.ts';
import { readDefinitions } from '../../../rabbitmq/definitions/read-definitions.ts';
import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { Topology } from '../../../rabbitmq/topology.ts';
import type { Definitions } from './case.ts';

export const vhost = 'conformance';

/** The same definitions as Warren reads them from a file: policies become settings. */
export function topologyOf(definitions: Definitions, dialect: Dialect): Topology {
  const read = readDefinitions(JSON.stringify({ ...definitions, vhosts: [{ name: vhost }] }), vhost);
  return compileTopology(read.definitions, dialect).topology;
}
