import { createSqsBroker, type SqsBrokerDeps } from '../broker/sqs-broker.ts';
import type { KeepMessage } from '../exceptions/message-exceptions.ts';
import { type Bury, createBurial } from './burial.ts';

/** Burial into real queues. */
export function createSqsBurial({ keep, ...deps }: SqsBrokerDeps & { readonly keep: KeepMessage }): Bury {
  return createBurial({ dialect: deps.topology.dialect, broker: createSqsBroker(deps), keep, now: deps.now });
}
