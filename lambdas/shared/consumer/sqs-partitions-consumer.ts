import type { Context } from 'aws-lambda';
import { partitionedExchanges } from '../../../rabbitmq/partitions/partitioned-exchange.ts';
import { sqsQueueName } from '../../../rabbitmq/plan/queue-name.ts';
import type { ProbeAnswer, ProbeEvent } from './circuit.ts';
import { keyPrefixOf } from './consumed-queue.ts';
import type { Consumer } from './consumer.ts';
import { createSqsConsumer, type SqsConsumerDeps } from './sqs-consumer.ts';

/** A consumer of all partitions of an exchange. */
export interface PartitionsConsumer<Body> extends Omit<Consumer<Body>, 'queue'> {
  /** RabbitMQ's name of the exchange. */
  readonly partitionsOf: string;
}

/** Each invocation is of one of its queues; what is one effect is so for all of them. Throws when the exchange is not partitioned. */
export function createSqsPartitionsConsumer<Body>(
  { partitionsOf, ...consumer }: PartitionsConsumer<Body>,
  deps: SqsConsumerDeps,
) {
  const { vhost = '/' } = consumer;
  const partitioned = partitionedExchanges(deps.topology).find(
    ({ exchange }) => exchange.vhost === vhost && exchange.name === partitionsOf,
  );
  if (!partitioned) throw new Error(`the topology has no partitioned exchange '${partitionsOf}' in vhost '${vhost}'`);
  const loops = new Map(
    partitioned.bindings.map(({ destination: queue }) => [
      sqsQueueName(deps.env.QUEUE_NAME_PREFIX, { vhost, name: queue, singleActiveConsumer: true }),
      createSqsConsumer({ ...consumer, queue }, deps, keyPrefixOf({ vhost, queue: partitionsOf })),
    ]),
  );

  return async (event: ProbeEvent, context: Context): Promise<ProbeAnswer> => {
    const arn = event.Records[0]?.eventSourceARN ?? '';
    const loop = loops.get(arn.slice(arn.lastIndexOf(':') + 1));
    if (!loop) throw new Error(`'${arn}' is no partition of exchange '${partitionsOf}'`);
    return await loop(event, context);
  };
}
