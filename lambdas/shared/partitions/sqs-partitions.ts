import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type PartitionedExchange, partitionedExchanges } from '../../../rabbitmq/partitions/partitioned-exchange.ts';
import { createRing, type Ring } from '../../../rabbitmq/partitions/ring.ts';
import type { QueueAddress } from '../../../rabbitmq/queue-address.ts';
import type { Topology } from '../../../rabbitmq/topology.ts';
import { pause } from '../pause.ts';
import { partitionTimes } from './assignment.ts';
import { createAssignmentReader } from './assignment-reader.ts';
import { createPartitionGuard, type PartitionGuard } from './partition-guard.ts';
import type { PartitionStore } from './partition-store.ts';
import { createPartitionedDispatch, type WithPartitions } from './partitioned-dispatch.ts';

export interface SqsPartitionsDeps {
  readonly env: { readonly PARTITIONS_TABLE?: string | undefined };
  readonly topology: Topology;
  /** Default: one that is made when a message for a partition is first published. */
  readonly documents?: DynamoDBDocumentClient | undefined;
  readonly now: () => Date;
}

/** For brokers. Undefined where the topology has no partitioned exchange: it costs nothing there. */
export function sqsPartitions(deps: SqsPartitionsDeps): WithPartitions | undefined {
  const exchanges = partitionedExchanges(deps.topology);
  if (exchanges.length === 0) return undefined;
  const store = storeOf(deps);
  return createPartitionedDispatch({
    partitioned: exchanges.map((one) => {
      const ring = createRing(one);
      return { ring, reader: readerOf(one, ring, store, deps) };
    }),
    times: partitionTimes,
    now: deps.now,
    sleep: pause,
    timeout: AbortSignal.timeout,
  });
}

/** For a consumer. Undefined for a queue that is no partition. */
export function sqsPartitionGuard(queue: QueueAddress, deps: SqsPartitionsDeps): PartitionGuard | undefined {
  const exchange = partitionedExchanges(deps.topology).find(
    ({ exchange: { vhost }, bindings }) =>
      vhost === queue.vhost && bindings.some(({ destination }) => destination === queue.name),
  );
  if (!exchange) return undefined;
  const [ring, store] = [createRing(exchange), storeOf(deps)];
  return createPartitionGuard({ queue, ring, reader: readerOf(exchange, ring, store, deps), store });
}

function readerOf({ initial }: PartitionedExchange, ring: Ring, store: PartitionStore, { now }: SqsPartitionsDeps) {
  return createAssignmentReader({ ring, initial, store, times: partitionTimes, now });
}

/** Loaded when it is first needed: most topologies have no partitioned exchange, and most functions no other use for the client. */
function storeOf({ env: { PARTITIONS_TABLE: table }, documents }: SqsPartitionsDeps): PartitionStore {
  if (table === undefined) throw new Error('the topology has a partitioned exchange, and PARTITIONS_TABLE is not set');
  let loaded: Promise<PartitionStore> | undefined;
  const load = async (): Promise<PartitionStore> => {
    const { createDynamoDbPartitionStore } = await import('./dynamodb-partition-store.ts');
    return createDynamoDbPartitionStore(documents ?? (await import('../aws/clients.ts')).documentClient(), table);
  };
  const store = (): Promise<PartitionStore> => {
    loaded ??= load();
    return loaded;
  };
  return {
    read: async (...args) => (await store()).read(...args),
    find: async (...args) => (await store()).find(...args),
    write: async (...args) => (await store()).write(...args),
    noteDrained: async (...args) => (await store()).noteDrained(...args),
    forget: async (...args) => (await store()).forget(...args),
  };
}
