import { consumersIn, partitionsOf } from '../../lib/consumers.ts';
import { type ConsumerRows, checkPartitions, isPartition, OtherPartitionsError } from '../../lib/partitions.ts';
import { NotPartitionableError, partitionedExchanges } from '../../rabbitmq/partitions/partitioned-exchange.ts';
import { planTopology } from '../../rabbitmq/plan/plan-topology.ts';
import type { Topology } from '../../rabbitmq/topology.ts';
import { shards } from '../unit/rabbitmq/partitions/rings.ts';
import { bindQueue, exchange } from '../unit/rabbitmq/topology-builders.ts';

const rows: ConsumerRows = {
  shards: { queue: 'shard-0', partitionsOf: { exchange: 'shards', others: ['shard-1', 'shard-2'], initial: 2 } },
};
const declared = shards([1, 1, 1], 2);

describe('partitions that lib/consumers.ts gives to a consumer', () => {
  it('are all its queues, and known to the functions', () => {
    const roles = { consumers: rows, consumedElsewhere: [], watchedByOnCall: [] };

    expect(consumersIn(declared, { file: 'definitions.json', isDefault: true }, roles)).toEqual(['shards']);
    expect(isPartition({ vhost: '/', name: 'shard-2' }, roles)).toBe(true);
    expect(isPartition({ vhost: '/', name: 'shard-3' }, roles)).toBe(false);
    expect(partitionsOf({ vhost: '/', name: 'shards' }, roles)).toEqual({ initial: 2 });
    expect(partitionsOf({ vhost: 'other', name: 'shards' }, roles)).toBeUndefined();
  });

  it('have room for messages that wait for their turn, besides their failures', () => {
    const plan = (waits?: number) =>
      planTopology(declared, {
        namePrefix: 'shop-test',
        unlimitedMaxReceiveCount: 10,
        countedBy: () => ({ deliveryLimit: 4, batchSize: 2, waits }),
        partitionsOf: () => ({ initial: 2 }),
      });

    expect(plan().queues.map(({ maxReceiveCount }) => maxReceiveCount)).toEqual([20, 20, 20]);
    expect(plan(200).queues.map(({ maxReceiveCount }) => maxReceiveCount)).toEqual([220, 220, 220]);
    expect(plan().topology.exchanges[0]?.partitions).toEqual({ initial: 2 });
  });

  it('are refused when the exchange has others, or has them in another order', () => {
    const check = (bindings: Topology['bindings']) => () =>
      checkPartitions({ ...declared, bindings }, 'definitions.json', { consumers: rows });

    expect(check(declared.bindings)).not.toThrow();
    expect(check(declared.bindings.toReversed())).toThrow(OtherPartitionsError);
    expect(check(declared.bindings.slice(0, 2))).toThrow(
      'binds shard-0, shard-1 to it: name all of them, in that order',
    );
  });
});

describe('an exchange', () => {
  const [first, second, third] = declared.queues;
  it.each<[string, Partial<Topology>]>([
    ['it is fanout', { exchanges: [exchange('shards', 'fanout', { partitions: { initial: 1 } })] }],
    [
      'has no x-single-active-consumer',
      { queues: [{ ...first, singleActiveConsumer: false }, second, third] as never },
    ],
    ['is bound to it twice', { bindings: [...declared.bindings, bindQueue('shards', 'shard-0', '2')] }],
    [
      "'shard-2' differs from 'shard-0' in deliveryLimit",
      { queues: [first, second, { ...third, deliveryLimit: 3 }] as never },
    ],
    [
      "'shard-1' differs from 'shard-0' in deadLetterExchange",
      { queues: [{ ...first, deadLetterExchange: 'dead' }, second, third] as never },
    ],
    ["gets messages of exchange 'other', too", { bindings: [...declared.bindings, bindQueue('other', 'shard-1')] }],
    ['is no weight', { bindings: [...declared.bindings.slice(0, 2), bindQueue('shards', 'shard-2', 'x')] }],
    [
      'initially 4 partitions are in use, and there must be 1 to 3',
      { exchanges: [exchange('shards', 'x-consistent-hash', { partitions: { initial: 4 } })] },
    ],
  ])('is refused whose queues cannot be partitions: %s', (reason, changes) => {
    const read = () => partitionedExchanges({ ...declared, ...changes });

    expect(read).toThrow(NotPartitionableError);
    expect(read).toThrow(reason);
  });
});
