import { createHash } from 'node:crypto';
import type { Topology } from '../topology.ts';
import { partitionedExchanges } from './partitioned-exchange.ts';

/** Of each partitioned exchange, by `exchangeId`: which partitions it has and all that decides which keys they have, as one short text. */
export function partitionDigests(topology: Topology): Readonly<Record<string, string>> {
  return Object.fromEntries(
    partitionedExchanges(topology).map(({ exchange, bindings }) => {
      const lines = bindings.map(({ bindingKey, destination }) => [bindingKey, destination]);
      return [exchangeId(exchange), hashOf([lines, exchange.hashOn ?? null])];
    }),
  );
}

export function exchangeId({ vhost, name }: { readonly vhost: string; readonly name: string }): string {
  return JSON.stringify([vhost, name]);
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
