import type { DeclaredBinding, DeclaredExchange, DeclaredQueue, Definitions } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Path } from '../definitions/json-document.ts';
import type { Headers } from '../message.ts';
import {
  defaultExchange,
  type Exchange,
  isPredeclared,
  predeclaredExchanges,
  type Queue,
  type Topology,
} from '../topology.ts';

type Kind = 'exchanges' | 'queues';

/** What a lint looks at: what was declared, what it amounts to, and who is there by which name. */
export interface Model {
  readonly definitions: Definitions;
  readonly topology: Topology;
  /** Is there such an exchange in the vhost, declared or predeclared? One that could not be compiled counts. */
  exchangeExists(vhost: string, name: string): boolean;
  queueExists(vhost: string, name: string): boolean;
  /** As it is in force; undefined where there is none, or none that could be compiled. */
  exchange(vhost: string, name: string): Pick<Exchange, 'name' | 'type' | 'alternateExchange'> | undefined;
  /** In the order of the document; never those of the default exchange, which are left out. */
  bindingsFrom(vhost: string, source: string): readonly DeclaredBinding[];
  bindingsTo(vhost: string, destination: string, type: DeclaredBinding['destinationType']): readonly DeclaredBinding[];
  argumentsOf(object: Exchange | Queue, kind: Kind): Headers;
  /** Where the object was declared. */
  pathOf(object: Exchange | Queue, kind: Kind): Path;
  /** Where the object's argument stands; the object itself where a policy says it. */
  pathOfArgument(object: Exchange | Queue, kind: Kind, argument: string): Path;
}

export type Lint = (model: Model) => Problem[];

export function createModel(definitions: Definitions, topology: Topology): Model {
  const declared = { exchanges: byName(definitions.exchanges), queues: byName(definitions.queues) };
  const compiled = new Map(topology.exchanges.map((one) => [keyOf(one.vhost, one.name), one]));
  const bindings = definitions.bindings.filter(({ source }) => source !== defaultExchange);
  const bySource = Map.groupBy(bindings, ({ vhost, source }) => keyOf(vhost, source));
  const byDestination = Map.groupBy(bindings, ({ vhost, destination, destinationType }) =>
    keyOf(vhost, destination, destinationType),
  );
  const pathOf = ({ vhost, name }: Exchange | Queue, kind: Kind): Path =>
    declared[kind].get(keyOf(vhost, name))?.path ?? [kind];
  const argumentsOf = ({ vhost, name }: Exchange | Queue, kind: Kind): Headers =>
    declared[kind].get(keyOf(vhost, name))?.arguments ?? {};
  return {
    definitions,
    topology,
    exchangeExists: (vhost, name) =>
      isPredeclared(name)
        ? predeclaredExchanges.some((one) => one.name === name)
        : declared.exchanges.has(keyOf(vhost, name)),
    queueExists: (vhost, name) => declared.queues.has(keyOf(vhost, name)),
    exchange: (vhost, name) =>
      compiled.get(keyOf(vhost, name)) ?? predeclaredExchanges.find((one) => one.name === name),
    bindingsFrom: (vhost, source) => bySource.get(keyOf(vhost, source)) ?? [],
    bindingsTo: (vhost, destination, type) => byDestination.get(keyOf(vhost, destination, type)) ?? [],
    pathOf,
    argumentsOf,
    pathOfArgument: (object, kind, argument) => {
      const path = pathOf(object, kind);
      return Object.hasOwn(argumentsOf(object, kind), argument) ? [...path, 'arguments', argument] : path;
    },
  };
}

function byName<Declared extends DeclaredExchange | DeclaredQueue>(all: readonly Declared[]): Map<string, Declared> {
  return new Map(all.map((one) => [keyOf(one.vhost, one.name), one]));
}

export function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}
