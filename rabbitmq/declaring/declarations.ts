import { routingTerm } from '../amqp-value.ts';
import { type Dialect, dialectRules } from '../dialect.ts';
import type { Headers } from '../message.ts';
import {
  accessRefused,
  exchangeNotFound,
  exclusiveElsewhere,
  notDeclaredHere,
  queueNotFound,
  unknownExchangeType,
} from '../publishing/channel-error.ts';
import {
  type Exchange,
  exchangeTypes,
  isPredeclared,
  predeclaredExchanges,
  type Queue,
  type Topology,
} from '../topology.ts';
import { comparedForExchanges, comparedForQueues } from './compared-arguments.ts';
import { assertArguments, assertField } from './inequivalent.ts';

export interface AssertedExchange {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly autoDelete: boolean;
  readonly internal: boolean;
  readonly arguments: Headers;
}

export interface AssertedQueue extends Pick<AssertedExchange, 'name' | 'durable' | 'autoDelete' | 'arguments'> {
  readonly exclusive: boolean;
}

export interface AssertedBinding {
  readonly source: string;
  readonly destination: string;
  readonly destinationType: 'queue' | 'exchange';
  readonly bindingKey: string;
  readonly arguments: Headers;
}

/**
 * What clients may declare where the topology is deployed: what is there already, as it is. Each throws the `ChannelError` that a broker
 * closes the channel with: 404 where something must be there and is not, 406 where it is otherwise. What a broker would create is 406, too.
 */
export interface Declarations {
  checkExchange(name: string): void;
  checkQueue(name: string): void;
  assertExchange(exchange: AssertedExchange): void;
  assertQueue(queue: AssertedQueue): void;
  assertBinding(binding: AssertedBinding): void;
}

/** That a definitions file may declare here. */
const types: readonly string[] = [...exchangeTypes, 'x-local-random', 'x-delayed-message'];

export function createDeclarations(topology: Topology, vhost: string): Declarations {
  const predeclared = predeclaredExchanges.map((one): Exchange => ({ ...one, vhost, internal: false }));
  const ours = topology.exchanges.filter((one) => one.vhost === vhost);
  const exchanges = new Map([...predeclared, ...ours].map((one) => [one.name, one]));
  const queues = new Map(topology.queues.filter((one) => one.vhost === vhost).map((one) => [one.name, one]));
  const bindings = new Set(topology.bindings.filter((one) => one.vhost === vhost).map(identityOf));

  function theExchange(name: string): Exchange {
    // Nothing may be done with the default exchange but publish to it.
    if (name === '') throw accessRefused('operation not permitted on the default exchange');
    const found = exchanges.get(name);
    if (!found) throw exchangeNotFound(vhost, name);
    return found;
  }

  function checkQueue(name: string): void {
    if (!queues.has(name)) throw queueNotFound(vhost, name);
  }

  /** Of what is not there, and would be created by a broker. */
  function refuseNew(kind: 'exchange' | 'queue', name: string): never {
    if (isPredeclared(name)) throw accessRefused(`${kind} name '${name}' contains reserved prefix 'amq.*'`);
    throw notDeclaredHere(`no ${kind} '${name}' in vhost '${vhost}'`);
  }

  return {
    checkExchange: (name) => void theExchange(name),
    checkQueue,
    assertExchange({ name, ...asserted }) {
      if (!types.includes(asserted.type)) throw unknownExchangeType(asserted.type);
      if (!exchanges.has(name)) refuseNew('exchange', name);
      const { type, internal, declared = {} } = theExchange(name);
      const what = `exchange '${name}' in vhost '${vhost}'`;
      assertField(what, 'type', asserted.type, declared.type ?? type);
      assertField(what, 'durable', asserted.durable, declared.durable ?? true);
      assertField(what, 'auto_delete', asserted.autoDelete, declared.autoDelete ?? false);
      assertField(what, 'internal', asserted.internal, internal);
      assertArguments(what, comparedForExchanges, asserted.arguments, declared.arguments ?? {});
    },
    assertQueue({ name, ...asserted }) {
      const queue = queues.get(name);
      if (!queue) return refuseNew('queue', name);
      const { declared = {} } = queue;
      const what = `queue '${name}' in vhost '${vhost}'`;
      if (asserted.exclusive) throw exclusiveElsewhere(vhost, name);
      assertField(what, 'durable', asserted.durable, declared.durable ?? true);
      assertField(what, 'auto_delete', asserted.autoDelete, declared.autoDelete ?? false);
      const [received, current] = withTypes(asserted.arguments, queue, topology.dialect);
      assertArguments(what, comparedForQueues[queue.type], received, current);
    },
    assertBinding({ destination, destinationType, ...binding }) {
      theExchange(binding.source);
      if (destinationType === 'queue') checkQueue(destination);
      else theExchange(destination);
      if (bindings.has(identityOf({ destination, destinationType, ...binding }))) return;
      throw notDeclaredHere(
        `no binding from exchange '${binding.source}' to ${destinationType} '${destination}' by '${binding.bindingKey}'`,
      );
    },
  };
}

/**
 * Arguments as they are compared. Since 4.0 a queue that names no type has its vhost's default one, and so has an assertion of it; before,
 * classic is the same as none (run on 3.10.8, 4.0.5, 4.3.6).
 */
function withTypes(
  asserted: Headers,
  { type, declared }: Queue,
  dialect: Dialect,
): [received: Headers, current: Headers] {
  const current = declared?.arguments ?? {};
  if (dialectRules[dialect].queueTypeIsFilledIn) {
    const usual = declared?.defaultType ?? 'classic';
    return [
      { 'x-queue-type': usual, ...asserted },
      { ...current, 'x-queue-type': type },
    ];
  }
  return type === 'classic' ? [withoutClassic(asserted), withoutClassic(current)] : [asserted, current];
}

function withoutClassic(table: Headers): Headers {
  const { 'x-queue-type': type, ...others } = table;
  return type === 'classic' ? others : table;
}

/** What RabbitMQ knows a binding by (rule 4.4.10), but for the width of integers, which changes no route. */
function identityOf({
  source,
  destination,
  destinationType,
  bindingKey,
  arguments: table = {},
}: Omit<AssertedBinding, 'arguments'> & { readonly arguments?: Headers | undefined }): string {
  const sorted = Object.entries(table).sort(([one], [other]) => (one < other ? -1 : 1));
  const terms = sorted.map(([name, value]) => [name, routingTerm(value, 'argument')]);
  return JSON.stringify([source, destinationType, destination, bindingKey, terms]);
}
