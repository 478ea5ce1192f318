import type { Definitions } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';
import { type Exchange, isPredeclared, predeclaredExchanges, type Queue, type Topology } from '../topology.ts';

/** What a lint looks at: what was declared, what it amounts to, and who is there by which name. */
export interface Model {
  readonly definitions: Definitions;
  readonly topology: Topology;
  /** Is there such an exchange in the vhost, declared or predeclared? One that could not be compiled counts. */
  exchangeExists(vhost: string, name: string): boolean;
  queueExists(vhost: string, name: string): boolean;
  /** Where the object was declared. */
  pathOf(object: Exchange | Queue, kind: 'exchanges' | 'queues'): Path;
}

export type Lint = (model: Model) => Problem[];

export function createModel(definitions: Definitions, topology: Topology): Model {
  const paths = {
    exchanges: new Map(definitions.exchanges.map((one) => [keyOf(one.vhost, one.name), one.path])),
    queues: new Map(definitions.queues.map((one) => [keyOf(one.vhost, one.name), one.path])),
  };
  return {
    definitions,
    topology,
    exchangeExists: (vhost, name) =>
      isPredeclared(name)
        ? predeclaredExchanges.some((one) => one.name === name)
        : paths.exchanges.has(keyOf(vhost, name)),
    queueExists: (vhost, name) => paths.queues.has(keyOf(vhost, name)),
    pathOf: ({ vhost, name }, kind) => paths[kind].get(keyOf(vhost, name)) ?? [kind],
  };
}

export function keyOf(vhost: string, name: string): string {
  return JSON.stringify([vhost, name]);
}
