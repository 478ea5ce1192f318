import type { Dialect } from '../../../rabbitmq/dialect.ts';
import type { HeaderValue } from '../../../rabbitmq/message.ts';
import { type HashOn, hashableProperties, type Topology } from '../../../rabbitmq/topology.ts';
import type { DefinedExchange, Definitions } from './case.ts';

export const vhost = 'conformance';

/**
 * The same definitions as Warren's routing reads them. Effective settings are arguments only: whoever generates policies as well
 * resolves them here, and imports them in `broker/declare.ts`.
 */
export function topologyOf({ exchanges, queues, bindings }: Definitions, dialect: Dialect): Topology {
  return {
    dialect,
    exchanges: exchanges.map((exchange) => ({
      vhost,
      name: exchange.name,
      type: exchange.type,
      internal: exchange.internal,
      alternateExchange: text(exchange.arguments['alternate-exchange']),
      hashOn: hashOnOf(exchange),
    })),
    queues: queues.map(({ name, arguments: args }) => ({
      vhost,
      name,
      type: 'classic',
      maxLength: typeof args['x-max-length'] === 'number' ? args['x-max-length'] : undefined,
      overflow: args['x-overflow'] === 'reject-publish' ? 'reject-publish' : undefined,
    })),
    bindings: bindings.map(({ source, destination, destination_type, routing_key, arguments: args }) => ({
      vhost,
      source,
      destination,
      destinationType: destination_type,
      bindingKey: routing_key,
      arguments: args,
    })),
  };
}

function hashOnOf({ arguments: args }: DefinedExchange): HashOn | undefined {
  const header = text(args['hash-header']);
  if (header !== undefined) return { header };
  const property = hashableProperties.find((name) => name === args['hash-property']);
  return property && { property };
}

function text(value: HeaderValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
