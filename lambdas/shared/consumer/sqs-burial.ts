import { isSameQueue } from '../../../rabbitmq/queue-address.ts';
import { createSqsBroker, type SqsBrokerDeps } from '../broker/sqs-broker.ts';
import type { KeepMessage } from '../exceptions/message-exceptions.ts';
import { type Bury, createBurial } from './burial.ts';

/** Burial into real queues. */
export function createSqsBurial({ keep, ...deps }: SqsBrokerDeps & { readonly keep: KeepMessage }): Bury {
  const { topology, now } = deps;
  const watched = topology.queues.filter(({ operations }) => operations?.watched === true);
  return createBurial({
    dialect: topology.dialect,
    broker: createSqsBroker(deps),
    keep,
    isWatched: (queue) => watched.some((one) => isSameQueue(one, queue)),
    now,
  });
}
