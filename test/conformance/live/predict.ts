import type { Dialect } from '../../../rabbitmq/dialect.ts';
import { publish } from '../../../rabbitmq/publishing/publish.ts';
import { createRouter, type Router } from '../../../rabbitmq/routing/router.ts';
import type { Topology } from '../../../rabbitmq/topology.ts';
import { type Definitions, isChooser, type Outcome, type Publish } from './case.ts';
import { type Change, inTurn } from './change.ts';
import { type Chooser, chooserOf } from './chooser.ts';
import { topologyOf, vhost } from './topology-of.ts';

/** One thing that may become of a message, and what hashing exchanges have to choose for it. */
export interface Alternative {
  readonly outcome: Outcome;
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly exchange: string;
  /** Messages of the same value are promised the same destination; absent: nothing is promised. */
  readonly hashed: string | undefined;
  readonly destination: string;
  /** Warren's decision is claimed to be the broker's. */
  readonly exact: boolean;
}

export interface Prediction {
  /** Warren's own decision. */
  readonly decision: Outcome;
  /** Everything RabbitMQ promises one of; usually the decision alone. */
  readonly alternatives: readonly Alternative[];
}

export type Predict = (message: Publish) => Prediction;

/** What Warren says about messages published to these definitions. */
export function createPredict(declared: Definitions, dialect: Dialect, changes: readonly Change[] = []): Predict {
  const change = inTurn(changes);
  const definitions = change.definitions(declared);
  const topology = topologyOf(definitions, dialect);
  const choosers = choosersOf(definitions);
  const untold = { router: createRouter(topology, { random: () => 0 }), full: fullQueues(topology) };
  const told = new Map<string, Router>();

  /** A router of the topology in which every chooser has been told what to choose; one without a choice routes nowhere. */
  function routerFor(choices: readonly Choice[]): Router {
    const id = JSON.stringify(choices.map(({ exchange, destination }) => [exchange, destination]));
    const router = told.get(id) ?? createRouter(withChoices(topology, choosers, choices), { random: () => 0 });
    told.set(id, router);
    return router;
  }

  function alternatives(message: Publish, choices: readonly Choice[]): Alternative[] {
    const router = routerFor(choices);
    const undecided = router
      .explain({ vhost, ...routed(change.message(message)) })
      .map(({ exchange }) => exchange)
      .find((name) => choosers.get(name)?.destinations.length && !choices.some(({ exchange }) => exchange === name));
    const chooser = undecided === undefined ? undefined : choosers.get(undecided);
    if (undecided === undefined || !chooser) return [alternative({ ...untold, router }, message, choices)];
    const { exact } = chooser;
    const hashed = chooser.hashed(message);
    return chooser.destinations.flatMap((destination) =>
      alternatives(message, [...choices, { exchange: undecided, hashed, destination, exact }]),
    );
  }

  function alternative(warren: Warren, message: Publish, choices: readonly Choice[]): Alternative {
    const outcome = outcomeOf(warren, change.message(message));
    return { outcome: change.outcome(outcome, { message, definitions, choices }), choices };
  }

  return (message) => {
    const decision = alternative(untold, message, []);
    const closes = choosers.size === 0 || 'error' in decision.outcome;
    return { decision: decision.outcome, alternatives: closes ? [decision] : alternatives(message, []) };
  };
}

/** What decides about a message: the routing, and the queues that take nothing. */
interface Warren {
  readonly router: Router;
  readonly full: ReadonlySet<string>;
}

function choosersOf(definitions: Definitions): ReadonlyMap<string, Chooser> {
  const choosing = definitions.exchanges.filter(({ type }) => isChooser(type));
  return new Map(choosing.map((exchange) => [exchange.name, chooserOf(exchange, definitions)]));
}

function fullQueues({ queues }: Topology): ReadonlySet<string> {
  const full = queues.filter(({ maxLength, overflow }) => maxLength === 0 && overflow === 'reject-publish');
  return new Set(full.map(({ name }) => name));
}

/** A queue that is full refuses its copy, and the others keep theirs: a nack, and no return (rules 4.5.20, 4.5.21). */
function outcomeOf({ router, full }: Warren, message: Publish): Outcome {
  const { exchange, routing_key: routingKey, headers, properties } = message;
  const decision = publish(router, { vhost, exchange, routingKey, headers, properties, mandatory: true });
  if ('error' in decision) return { error: decision.error.replyCode };
  const queues = decision.queues.filter((queue) => !full.has(queue));
  return { queues, returned: decision.returned, confirm: queues.length < decision.queues.length ? 'nack' : 'ack' };
}

function routed({ exchange, routing_key, headers, properties }: Publish) {
  const copies = [headers['CC'], headers['BCC']].flatMap((keys) => (Array.isArray(keys) ? keys : []));
  return {
    exchange,
    routingKeys: [routing_key, ...copies.filter((key) => typeof key === 'string')],
    headers,
    properties,
  };
}

function withChoices(topology: Topology, choosers: ReadonlyMap<string, Chooser>, choices: readonly Choice[]): Topology {
  const chosen = new Map(choices.map(({ exchange, destination }) => [exchange, destination]));
  const taken = new Set<string>();
  return {
    ...topology,
    exchanges: topology.exchanges.map((exchange) =>
      choosers.has(exchange.name) ? { ...exchange, type: 'fanout' } : exchange,
    ),
    bindings: topology.bindings.filter(({ source, destination, destinationType }) => {
      if (!choosers.has(source)) return true;
      if (chosen.get(source) !== `${destinationType} ${destination}` || taken.has(source)) return false;
      taken.add(source);
      return true;
    }),
  };
}
