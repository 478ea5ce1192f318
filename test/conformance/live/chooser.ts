import type { HeaderValue } from '../../../rabbitmq/message.ts';
import type { DefinedExchange, Definitions, Publish } from './case.ts';

/** What an exchange that picks one of its destinations promises. */
export interface Chooser {
  /** Each once, as `queue q` or `exchange e`. */
  readonly destinations: readonly string[];
  /** What is hashed: equal values go to one destination. `undefined` when it picks at random. */
  readonly hashed: (message: Publish) => string | undefined;
  /** Whether Warren says which one, and so also by which weights; not of header values, whose hashes are not all known. */
  readonly exact: boolean;
}

export function chooserOf({ name, type, arguments: args }: DefinedExchange, { bindings }: Definitions): Chooser {
  const own = bindings.filter(({ source }) => source === name);
  const destinations = [...new Set(own.map((binding) => `${binding.destination_type} ${binding.destination}`))];
  const exact = type !== 'x-random' && args['hash-header'] === undefined;
  return { destinations, exact, hashed: hashOf(type, args['hash-header'], args['hash-property']) };
}

function hashOf(
  type: DefinedExchange['type'],
  header: HeaderValue | undefined,
  property: HeaderValue | undefined,
): Chooser['hashed'] {
  if (type === 'x-random') return () => undefined;
  if (type === 'x-modulus-hash') {
    return ({ routing_key, headers }) => JSON.stringify([routing_key, headers['CC'], headers['BCC']]);
  }
  // Without the header all go one way (rule 4.10.4); with a void one as well, but on 3.10.8 not the same way.
  if (typeof header === 'string') return ({ headers }) => JSON.stringify(headers[header]) ?? 'no header';
  if (typeof property === 'string') {
    return ({ properties }) =>
      JSON.stringify(Object.entries(properties).find(([name]) => name === property)?.[1]) ?? '';
  }
  return ({ routing_key }) => routing_key;
}
