import type { DeclaredBinding, Definitions } from '../definitions/definitions.ts';
import type { Problem } from '../definitions/finding.ts';
import type { Dialect } from '../dialect.ts';
import { createPolicyBook, type PolicyBook } from '../policies/policies-in-force.ts';
import { checkPolicy } from '../settings/check-settings.ts';
import { inForce } from '../settings/settings-in-force.ts';
import {
  type Binding,
  defaultExchange,
  type Exchange,
  isPredeclared,
  predeclaredExchanges,
  type Topology,
} from '../topology.ts';
import { bindingIdentity } from './binding-identity.ts';
import { compileExchange } from './compile-exchange.ts';
import { compileQueue } from './compile-queue.ts';

export interface CompiledTopology {
  readonly topology: Topology;
  readonly problems: readonly Problem[];
}

/** What a broker of the dialect would hold after the import: predeclared names skipped, policies resolved into each object. */
export function compileTopology(definitions: Definitions, dialect: Dialect): CompiledTopology {
  const policies = createPolicyBook(definitions.policies);
  const operatorPolicies = createPolicyBook(definitions.operatorPolicies);
  const defaultTypes = new Map(definitions.vhosts.map(({ name, defaultQueueType }) => [name, defaultQueueType]));
  const skipped = new Set(definitions.queues.filter(({ name }) => name.startsWith('amq.')).map(keyOf));

  const exchanges = definitions.exchanges
    .filter(({ name }) => !isPredeclared(name))
    .map((declared) =>
      compileExchange(declared, { policy: policies.policyFor('exchange', declared.vhost, declared.name), dialect }),
    );
  const queues = definitions.queues
    .filter((declared) => !skipped.has(keyOf(declared)))
    .map((declared) =>
      compileQueue(declared, { policies, operatorPolicies, dialect, defaultType: defaultTypes.get(declared.vhost) }),
    );
  const topology: Topology = {
    dialect,
    ...(definitions.vhosts.length > 0 && { vhosts: definitions.vhosts.map(({ name }) => name) }),
    exchanges: [
      ...exchanges.flatMap(({ exchange }) => exchange ?? []),
      ...predeclaredWithPolicy(definitions, policies),
    ],
    queues: queues.flatMap(({ queue }) => queue ?? []),
    bindings: onceEach(definitions.bindings.filter((binding) => !isLeftOut(binding, skipped))).map(compileBinding),
  };
  const problems = [
    ...exchanges.flatMap((one) => one.problems),
    ...queues.flatMap((one) => one.problems),
    ...[...definitions.policies, ...definitions.operatorPolicies].flatMap((policy) => checkPolicy(policy, dialect)),
    ...policies.problems(),
    ...operatorPolicies.problems(),
  ];
  return { topology, problems };
}

/** Policies reach the predeclared exchanges too, the default one among them (rule 4.9.6; run on 3.10.8, 4.0.5, 4.3.6). */
function predeclaredWithPolicy({ vhosts, exchanges, queues }: Definitions, policies: PolicyBook): Exchange[] {
  const names = new Set([...vhosts.map(({ name }) => name), ...[...exchanges, ...queues].map(({ vhost }) => vhost)]);
  return [...names].flatMap((vhost) =>
    predeclaredExchanges.flatMap(({ name, type }): Exchange[] => {
      const policy = policies.policyFor('exchange', vhost, name);
      const alternate = inForce('alternate-exchange', { arguments: {}, argumentsPath: [], policy })?.value;
      return typeof alternate === 'string'
        ? [{ vhost, name, type, internal: false, alternateExchange: alternate }]
        : [];
    }),
  );
}

/** Redundant from the default exchange (rule 4.3.5); with a queue that import skips. Both are findings. */
function isLeftOut({ source, vhost, destination, destinationType }: DeclaredBinding, skipped: Set<string>): boolean {
  return (
    source === defaultExchange || (destinationType === 'queue' && skipped.has(keyOf({ vhost, name: destination })))
  );
}

/** RabbitMQ has an identical binding once (rule 4.4.10); an x-random exchange would pick its queue too often. */
function onceEach(bindings: readonly DeclaredBinding[]): DeclaredBinding[] {
  return [...Map.groupBy(bindings, bindingIdentity).values()].flatMap(([first]) => first ?? []);
}

function compileBinding({ path: _, arguments: table, ...binding }: DeclaredBinding): Binding {
  return { ...binding, ...(Object.keys(table).length > 0 && { arguments: table }) };
}

function keyOf({ vhost, name }: { readonly vhost: string; readonly name: string }): string {
  return JSON.stringify([vhost, name]);
}
