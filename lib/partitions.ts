import { partitionedExchanges } from '../rabbitmq/partitions/partitioned-exchange.ts';
import type { QueueAddress } from '../rabbitmq/queue-address.ts';
import type { Topology } from '../rabbitmq/topology.ts';
import { consumers, queuesOf, type Roles, reads } from './consumers.ts';
import { addressOf } from './named-queue.ts';

/**
 * Times a message may find that its key is not handled yet where it was, besides the receives that are there for its failures. The n-th wait is
 * 2n seconds, at most a minute (lambdas/shared/consumer/settlement.ts): these are three hours for an old partition to drain. A message that has
 * not failed has the others, too: with ten tries and batches of ten they are 400 receives, more than six hours, and with the thousand that SQS
 * allows sixteen. A message that its function never survives is received as often.
 */
export const partitionWaits = 200;

export function isPartition(queue: QueueAddress, roles: Pick<Roles, 'consumers'> = { consumers }): boolean {
  return Object.values(roles.consumers).some((row) => row.partitionsOf !== undefined && reads(row, queue));
}

export type ConsumerRows = Roles['consumers'];

/** `lib/consumers.ts` names other partitions than the exchange has. */
export class OtherPartitionsError extends Error {
  override readonly name = 'OtherPartitionsError';

  constructor(consumer: string, exchange: string, named: readonly string[], bound: readonly string[], file: string) {
    super(
      `lib/consumers.ts: '${consumer}' reads the partitions ${named.join(', ')} of '${exchange}', and ${file} binds ${bound.join(', ') || 'none'} to it: name all of them, in that order`,
    );
  }
}

/** Throws an `OtherPartitionsError`, and a `NotPartitionableError` with the file. */
export function checkPartitions(
  topology: Topology,
  file: string,
  roles: Pick<Roles, 'consumers'> = { consumers },
): void {
  const found = partitionedExchanges(topology);
  for (const [consumer, row] of Object.entries(roles.consumers)) {
    if (!row.partitionsOf) continue;
    const { exchange } = row.partitionsOf;
    const named = queuesOf(row);
    // Another app's topology: it is passed over with its queues.
    if (!topology.queues.some(({ vhost, name }) => vhost === (row.vhost ?? '/') && name === row.queue)) continue;
    const partitioned = found.find(
      (one) => one.exchange.name === exchange && one.exchange.vhost === (row.vhost ?? '/'),
    );
    const bound = partitioned?.bindings.map(({ destination }) => destination) ?? [];
    const names = named.map((one) => addressOf(one).name);
    if (names.join('\n') !== bound.join('\n')) throw new OtherPartitionsError(consumer, exchange, names, bound, file);
  }
}
