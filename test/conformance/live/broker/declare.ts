import type { ChannelModel } from 'amqplib';
import type { DefinedBinding, Definitions } from '../case.ts';
import { amqpTable, isPlainJson } from './amqp-table.ts';
import type { Management } from './management.ts';

/** One import for all that JSON can say; the rest of the bindings, and those whose order counts, one by one over AMQP. */
export async function declare(
  management: Management,
  connection: ChannelModel,
  vhost: string,
  { exchanges, queues, bindings, policies = [] }: Definitions,
): Promise<void> {
  // An import works on bindings concurrently, and of two to one destination the first counts (rule 4.10.2).
  const ordered = new Set(exchanges.filter(({ type }) => type === 'x-consistent-hash').map(({ name }) => name));
  const importable = (binding: DefinedBinding) => !ordered.has(binding.source) && isPlainJson(binding.arguments);
  const lasting = { durable: true, auto_delete: false };
  await management.importDefinitions(vhost, {
    exchanges: exchanges.map((exchange) => ({ ...exchange, ...lasting })),
    queues: queues.map((queue) => ({ ...queue, ...lasting })),
    bindings: bindings.filter(importable),
    policies,
  });

  const rest = bindings.filter((binding) => !importable(binding));
  const channel = await connection.createChannel();
  // A refused binding closes the channel, and rejects its call as well.
  channel.on('error', () => {});
  await Promise.all(
    rest.map(({ source, destination, destination_type, routing_key, arguments: args }) =>
      destination_type === 'queue'
        ? channel.bindQueue(destination, source, routing_key, amqpTable(args))
        : channel.bindExchange(destination, source, routing_key, amqpTable(args)),
    ),
  );
  await channel.close();
}
