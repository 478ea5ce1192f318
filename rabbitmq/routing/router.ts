import {
  type Binding,
  defaultExchange,
  type Exchange,
  predeclaredExchanges,
  type Queue,
  type Topology,
} from '../topology.ts';
import { createHopRecorder, type Hop } from './hop.ts';
import { createMatcher, type MatcherDeps, type RoutedMessage } from './matcher.ts';
import { type CompiledExchange, type Exchanges, type WalkObserver, walk } from './walk.ts';

export type { RoutedMessage } from './matcher.ts';

export interface Router {
  exchange(vhost: string, name: string): Exchange | undefined;
  /** Names of the queues that get one copy each, sorted; empty when unroutable. An unknown exchange routes nothing. */
  route(message: RoutedMessage): string[];
  /**
   * The way the message takes, exchange by exchange, from the same walk as `route`; empty when the exchange is unknown. What an
   * x-random exchange picks is another pick each time.
   */
  explain(message: RoutedMessage): readonly Hop[];
}

/** Compiles a topology once; routing then only reads. Rules 4.1 to 4.4, 4.10. */
export function createRouter(topology: Topology, deps: MatcherDeps): Router {
  const vhosts = compile(topology, deps);

  function routeFor(message: RoutedMessage, observer: WalkObserver): string[] {
    const exchanges = vhosts.get(message.vhost);
    const first = exchanges?.byName.get(message.exchange);
    return exchanges && first ? [...walk(first, exchanges, message, observer)].sort() : [];
  }

  return {
    exchange: (vhost, name) => vhosts.get(vhost)?.byName.get(name)?.exchange,
    route: (message) => routeFor(message, nobody),
    explain(message) {
      const recorder = createHopRecorder();
      routeFor(message, recorder);
      return recorder.hops;
    },
  };
}

const nobody: WalkObserver = { visit: () => {}, match: () => {}, alternate: () => {} };

function compile(
  { vhosts: declared = [], exchanges, queues, bindings }: Topology,
  deps: MatcherDeps,
): ReadonlyMap<string, Exchanges> {
  const vhosts = new Set([...declared, ...[...exchanges, ...queues, ...bindings].map(({ vhost }) => vhost)]);
  const predeclared = [...vhosts].flatMap((vhost) =>
    predeclaredExchanges.map((exchange): Exchange => ({ ...exchange, vhost, internal: false })),
  );
  // What is bound to the default exchange explicitly adds nothing (rule 4.3.5).
  const explicit = distinct(bindings).filter(({ source }) => source !== defaultExchange);
  const bindingsOf = Map.groupBy([...explicit, ...queues.map(impliedBinding)], ({ vhost, source }) =>
    id(vhost, source),
  );
  const compiled = (exchange: Exchange): [string, CompiledExchange] => {
    const own = bindingsOf.get(id(exchange.vhost, exchange.name)) ?? [];
    return [exchange.name, { exchange, match: createMatcher(exchange, own, deps) }];
  };
  const all = Map.groupBy([...predeclared, ...exchanges], ({ vhost }) => vhost);
  return new Map(
    [...all].map(([vhost, own]): [string, Exchanges] => [
      vhost,
      { byName: new Map(own.map(asPublishedTo).map(compiled)), defaultBehind: defaultBehind(own) },
    ]),
  );
}

/** What a publisher sends to the default exchange is routed by queue names and nothing else (rule 4.3.4). */
function asPublishedTo(exchange: Exchange): Exchange {
  return exchange.name === defaultExchange ? { ...exchange, alternateExchange: undefined } : exchange;
}

function defaultBehind(exchanges: readonly Exchange[]): CompiledExchange {
  const [first, ...others] = exchanges.filter(({ name }) => name === defaultExchange);
  const exchange = others.at(-1) ?? first;
  if (!exchange) throw new Error('every vhost has a default exchange');
  return { exchange, match: () => {} };
}

/** The same binding made again is the one that is there; other arguments make another one (rule 4.4.10). */
function distinct(bindings: readonly Binding[]): Binding[] {
  const identity = ({ vhost, source, destinationType, destination, bindingKey, arguments: args = {} }: Binding) =>
    JSON.stringify([vhost, source, destinationType, destination, bindingKey, ...Object.entries(args).sort(byName)]);
  return [...new Map(bindings.map((binding) => [identity(binding), binding])).values()];
}

function byName([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** Every queue is bound to the default exchange by its name (rule 4.3.3). */
function impliedBinding({ vhost, name }: Queue): Binding {
  return { vhost, source: defaultExchange, destination: name, destinationType: 'queue', bindingKey: name };
}

function id(vhost: string, name: string): string {
  return JSON.stringify([vhost, name]);
}
