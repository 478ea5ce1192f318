import { weightOf } from '../routing/hash/consistent-hash.ts';
import { type Binding, defaultExchange, type Exchange, type Queue, type Topology } from '../topology.ts';

/** A consistent-hash exchange, and the queues it spreads its messages over. */
export interface PartitionedExchange {
  readonly exchange: Exchange;
  /** One for each partition, in the order of the definitions: the first so many of them are in use. */
  readonly bindings: readonly Binding[];
  readonly initial: number;
}

/** An exchange whose queues cannot be partitions. */
export class NotPartitionableError extends Error {
  override readonly name = 'NotPartitionableError';

  constructor({ vhost, name }: Pick<Exchange, 'vhost' | 'name'>, reason: string) {
    super(`exchange '${name}' of vhost '${vhost}' cannot be partitioned: ${reason}`);
  }
}

/** Those of a topology. Throws a `NotPartitionableError`. */
export function partitionedExchanges(topology: Topology): PartitionedExchange[] {
  return topology.exchanges.flatMap((exchange) =>
    exchange.partitions ? [partitionedExchange(exchange, exchange.partitions.initial, topology)] : [],
  );
}

function partitionedExchange(exchange: Exchange, initial: number, topology: Topology): PartitionedExchange {
  const refuse = (reason: string): never => {
    throw new NotPartitionableError(exchange, reason);
  };
  const inVhost = topology.bindings.filter(({ vhost }) => vhost === exchange.vhost);
  const bindings = inVhost.filter(({ source }) => source === exchange.name);
  const names = new Set(bindings.map(({ destination }) => destination));
  if (exchange.type !== 'x-consistent-hash') refuse(`it is ${exchange.type}, not x-consistent-hash`);
  if (bindings.length < 2) refuse('it has fewer than two bindings');
  if (names.size < bindings.length) refuse('a queue is bound to it twice');
  if (!Number.isInteger(initial) || initial < 1 || initial > bindings.length)
    refuse(`initially ${initial} partitions are in use, and there must be 1 to ${bindings.length}`);
  for (const { destination, destinationType, bindingKey } of bindings) {
    const queue = topology.queues.find(({ vhost, name }) => vhost === exchange.vhost && name === destination);
    if (destinationType !== 'queue' || !queue) refuse(`'${destination}' is no queue`);
    if (!queue?.singleActiveConsumer) refuse(`'${destination}' has no x-single-active-consumer, and so no order`);
    if (weightOf({ bindingKey }) === undefined) refuse(`'${bindingKey}' of '${destination}' is no weight`);
  }
  const unlike = whyUnlike(topology.queues.filter(({ vhost, name }) => vhost === exchange.vhost && names.has(name)));
  if (unlike) refuse(unlike);
  const other = inVhost.find(
    ({ source, destination, destinationType }) =>
      destinationType === 'queue' && names.has(destination) && source !== exchange.name && source !== defaultExchange,
  );
  if (other) refuse(`'${other.destination}' gets messages of exchange '${other.source}', too`);
  return { exchange, bindings, initial };
}

/** Their consumer has one set of numbers for all of them, made of the first. */
function whyUnlike([first, ...others]: readonly Queue[]): string | undefined {
  for (const one of others) {
    const field = first && differenceOf(first, one);
    if (field)
      return `'${one.name}' differs from '${first.name}' in ${field}, and partitions are alike but for their names`;
  }
  return undefined;
}

/** What operators are told of a queue is none of its arguments. */
function differenceOf(one: Queue, other: Queue): string | undefined {
  const ofOne = new Map(Object.entries({ ...one, name: '', operations: undefined }));
  const ofOther = new Map(Object.entries({ ...other, name: '', operations: undefined }));
  const fields = [...ofOne.keys(), ...ofOther.keys()];
  return fields.find((field) => JSON.stringify(ofOne.get(field)) !== JSON.stringify(ofOther.get(field)));
}
