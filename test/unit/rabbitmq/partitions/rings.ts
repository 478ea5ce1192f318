import { partitionedExchanges } from '../../../../rabbitmq/partitions/partitioned-exchange.ts';
import { createRing, type Ring } from '../../../../rabbitmq/partitions/ring.ts';
import type { Topology } from '../../../../rabbitmq/topology.ts';
import { bindQueue, exchange, queue, topology } from '../topology-builders.ts';

/** `shards` hashes routing keys over `shard-0`, `shard-1`, …; `weights` has one for each. */
export function shards(weights: readonly number[], initial = weights.length): Topology {
  const names = weights.map((_, at) => `shard-${at}`);
  return topology({
    exchanges: [exchange('shards', 'x-consistent-hash', { partitions: { initial } })],
    queues: names.map((name) => queue(name, { singleActiveConsumer: true })),
    bindings: names.map((name, at) => bindQueue('shards', name, String(weights[at]))),
  });
}

export function ringOf(on: Topology): Ring {
  const [partitioned] = partitionedExchanges(on);
  if (!partitioned) throw new Error('nothing is partitioned there');
  return createRing(partitioned);
}
